package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.Credentials;
import io.slsdispatch.connector.config.CredentialsConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Asks an address for credentials, once per call. Goes through no proxy: such addresses are local to the machine. Ends
 * within some {@link #TIME_LIMIT_SECONDS} seconds, also when the answer trickles.
 */
final class UriFetch implements CredentialsSource {

    static final int TIME_LIMIT_SECONDS = 10;

    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
    private static final int READ_TIMEOUT_MILLIS = 5_000;
    private static final int MAX_BYTES = 64 * 1024;

    private final CredentialsConfig.Uri config;

    UriFetch(CredentialsConfig.Uri config) {
        this.config = config;
    }

    @Override
    public Credentials current() throws NoCredentialsException {
        try {
            return CredentialsText.parse(get(), "credentials " + config);
        } catch (IOException e) {
            throw new NoCredentialsException("credentials " + config + " cannot be fetched: "
                    + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private String get() throws IOException, NoCredentialsException {
        HttpURLConnection connection = (HttpURLConnection) config.uri().toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        connection.setReadTimeout(READ_TIMEOUT_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", "application/json");
        try {
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new NoCredentialsException("credentials " + config + " answers with HTTP status " + status);
            }
            return body(connection);
        } finally {
            connection.disconnect();
        }
    }

    private static String body(HttpURLConnection connection) throws IOException {
        long start = System.nanoTime();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        try (InputStream in = connection.getInputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                body.write(buffer, 0, read);
                if (body.size() > MAX_BYTES) {
                    throw new IOException("the answer is longer than " + MAX_BYTES + " bytes");
                }
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(TIME_LIMIT_SECONDS)) {
                    throw new IOException("the answer takes longer than " + TIME_LIMIT_SECONDS + " seconds");
                }
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }
}
