"""The workflows that carecoord brings along, one per package; each is a value to read, print and extend."""
