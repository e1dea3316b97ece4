"""What carecoord costs, in units of something stock that ran in the same round. Nothing here is shipped."""
