package io.slsdispatch.job.status;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.client.http.HttpAnswer;
import io.slsdispatch.connector.client.http.HttpFetch;
import io.slsdispatch.connector.client.http.HttpFetch.Limits;
import io.slsdispatch.connector.client.http.HttpFetch.Request;
import io.slsdispatch.connector.client.http.HttpFetch.Route;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;

/** Flink's REST interface over HTTP. Time and size of each answer are limited. */
public final class HttpFlinkRest implements FlinkRest {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);

    /** Flink's own limit of what it collects from one process is 10 MB. */
    private static final int MOST_BYTES = 64 * 1024 * 1024;

    private static final String HINT =
            " Pass the address of Flink's web UI with --flink, such as http://127.0.0.1:8081.";

    private static final Limits LIMITS = new Limits(CONNECT_LIMIT, MOST_BYTES);

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
        HttpAnswer answer;
        try {
            answer = HttpFetch.send(
                    Request.get(URI.create(root + path)), Route.direct(), Deadline.after(CALL_LIMIT), LIMITS);
        } catch (SocketTimeoutException e) {
            throw noAnswer("no answer within " + CALL_LIMIT.toSeconds() + " s");
        } catch (ConnectException e) {
            throw noAnswer("the connection was refused");
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw noAnswer(Texts.line(String.valueOf(e.getMessage())));
        }
        return parse(answer.status(), answer.text());
    }

    private JsonElement parse(int status, String body) throws FlinkRestException {
        if (status == 401 || status == 403) {
            throw new FlinkRestException(
                    status,
                    "Flink at " + root + " is protected (HTTP " + status + "). Use an address that needs no login, such"
                            + " as a port forwarded from the JobManager.");
        }
        try {
            JsonElement json = JsonParser.parseString(body);
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
