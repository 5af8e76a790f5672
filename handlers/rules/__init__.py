"""What holds, asked by everybody: rights, order, references, points in time."""
