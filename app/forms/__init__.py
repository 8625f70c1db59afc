"""Web forms, made from declarations."""
