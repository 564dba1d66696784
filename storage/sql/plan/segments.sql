SELECT segment FROM segment ORDER BY segment
