package io.slsdispatch.job.status;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Flink's REST interface over HTTP. Time and size of each answer are limited. */
public final class HttpFlinkRest implements FlinkRest {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);

    /** Flink's own limit of what it collects from one process is 10 MB. */
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private static final String HINT =
            " Pass the address of Flink's web UI with --flink, such as http://127.0.0.1:8081.";

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    private final String root;

    private HttpFlinkRest(String root) {
        this.root = root;
    }

    /**
     * @param address such as {@code http://127.0.0.1:8081}; the web UI may be below a path
     * @throws IllegalArgumentException if it is no such address; the message says what is expected
     */
    public static HttpFlinkRest at(String address) {
        String problem = "--flink is '" + address + "': expected the address of Flink's web UI, such as"
                + " http://127.0.0.1:8081.";
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(problem, e);
        }
        boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!isHttp || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException(problem);
        }
        return new HttpFlinkRest(address.replaceFirst("/+$", ""));
    }

    @Override
    public JsonElement get(String path) throws FlinkRestException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(CALL_LIMIT)
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return parse(response.statusCode(), body.readNBytes(MOST_BYTES + 1));
            }
        } catch (HttpConnectTimeoutException e) {
            throw noAnswer("no connection within " + CONNECT_LIMIT.toSeconds() + " s");
        } catch (HttpTimeoutException e) {
            throw noAnswer("no answer within " + CALL_LIMIT.toSeconds() + " s");
        } catch (ConnectException e) {
            boolean isUnknown = e.getCause() instanceof java.nio.channels.UnresolvedAddressException;
            throw noAnswer(isUnknown ? "the host name is unknown" : "the connection was refused");
        } catch (IOException e) {
            throw noAnswer(Texts.line(String.valueOf(e.getMessage())));
        }
    }

    private JsonElement parse(int status, byte[] body) throws FlinkRestException {
        if (body.length > MOST_BYTES) {
            throw new FlinkRestException(status, "An answer of Flink at " + root + " is larger than 64 MB.");
        }
        if (status == 401 || status == 403) {
            throw new FlinkRestException(
                    status,
                    "Flink at " + root + " is protected (HTTP " + status + "). Use an address that needs no login, such"
                            + " as a port forwarded from the JobManager.");
        }
        try {
            JsonElement json = JsonParser.parseString(new String(body, StandardCharsets.UTF_8));
            if (status / 100 == 2 && (json.isJsonObject() || json.isJsonArray())) {
                return json;
            }
            if (json.isJsonObject() && json.getAsJsonObject().has("errors")) {
                throw new FlinkRestException(
                        status,
                        "Flink at " + root + " answered HTTP " + status + ": "
                                + Texts.line(
                                        json.getAsJsonObject().get("errors").toString()));
            }
        } catch (JsonParseException notJson) {
            // Reported below.
        }
        throw new FlinkRestException(-1, "What answers at " + root + " is not Flink (HTTP " + status + ")." + HINT);
    }

    private FlinkRestException noAnswer(String why) {
        return new FlinkRestException(-1, "Flink does not answer at " + root + ": " + why + "." + HINT);
    }
}
