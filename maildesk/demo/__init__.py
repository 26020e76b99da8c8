"""`maildesk demo`: a real desk in a scratch folder, and a real conversation with it through real sockets."""
