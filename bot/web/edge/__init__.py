"""What every request passes before it reaches the page, the desk or the interfaces, and every reply after."""
