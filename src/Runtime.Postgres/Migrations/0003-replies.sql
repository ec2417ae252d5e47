-- Answering a request must not write into any index: the update then stays on the row's own page.
DROP INDEX latecomer.request_expiry;
CREATE INDEX request_expires ON latecomer.request (expires_at);
