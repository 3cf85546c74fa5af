"""Who may be a partner: wishes read, organisations found, needs and offers of the market beside them."""
