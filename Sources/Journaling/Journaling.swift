// Journaling
