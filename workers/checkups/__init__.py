"""What the doctor looks at. Each look yields (state, what it says, cure)."""
