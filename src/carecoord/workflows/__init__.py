"""The workflows that carecoord brings along, one per file; each is a value to read, print and extend."""
