"""A house's rooms, guests, bookings and invoices: each house sees its own."""
