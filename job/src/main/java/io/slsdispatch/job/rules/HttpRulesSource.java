package io.slsdispatch.job.rules;

import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.client.http.HttpAnswer;
import io.slsdispatch.connector.client.http.HttpFetch;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.text.ReportedCause;
import io.slsdispatch.connector.text.Secrets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Source of rules at an http or https URL; each call sends one request, and more for redirects. A call ends within its
 * time-out, whatever the server does.
 */
final class HttpRulesSource {

    private static final HttpFetch.Limits LIMITS =
            new HttpFetch.Limits(Duration.ofSeconds(5), StabilityCheck.Reading.MAX_BYTES);
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MAX_REDIRECTS = 5;

    private final URI address;
    private final Secrets secrets;
    private final Duration limit;

    HttpRulesSource(URI address) {
        this(address, TIME_LIMIT);
    }

    HttpRulesSource(URI address, Duration limit) {
        this.address = address;
        this.secrets = Secrets.of(new RulesLocation(address.toString()).secrets());
        this.limit = limit;
    }

    /**
     * Reads the rules once. Follows redirects on the same host only, and none from https to http: the rules say where
     * all data goes, and the configuration names the host that they are trusted from.
     *
     * @throws IOException when the response cannot be read, is too long, or may be truncated; the message says which
     */
    StabilityCheck.Reading reading() throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(limit);
        URI next = address;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpAnswer answer = answer(next, deadline);
            if (REDIRECTS.contains(answer.status())) {
                next = redirected(next, answer);
            } else {
                return reading(answer);
            }
        }
        throw new IOException("the server redirects more than " + MAX_REDIRECTS + " times");
    }

    private HttpAnswer answer(URI from, Deadline deadline) throws IOException, InterruptedException {
        try {
            return HttpFetch.send(
                    new HttpFetch.Request("GET", from, Map.of("Accept", "*/*"), null),
                    HttpFetch.Route.through(proxyOfTheProcess(from)),
                    deadline,
                    LIMITS);
        } catch (SocketTimeoutException e) {
            throw new IOException("the response takes longer than " + Durations.text(limit), e);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw failure(e);
        }
    }

    /** The proxy of Java's system properties, such as {@code https.proxyHost}; null for none. */
    private static @Nullable InetSocketAddress proxyOfTheProcess(URI address) {
        ProxySelector selector = ProxySelector.getDefault();
        if (selector != null) {
            for (Proxy proxy : selector.select(address)) {
                if (proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress place) {
                    return place;
                }
            }
        }
        return null;
    }

    private static StabilityCheck.Reading reading(HttpAnswer answer) throws IOException {
        if (answer.status() != OK) {
            throw new IOException("the server returned HTTP status " + answer.status());
        }
        if (!answer.isDelimited() && !StabilityCheck.hasEndMark(answer.body())) {
            throw new IOException(
                    "the response has neither Content-Length nor chunked encoding, so a truncated response"
                            + " cannot be detected. End the rules with a line '...'");
        }
        return new StabilityCheck.Reading(answer.body(), OK);
    }

    private static URI redirected(URI from, HttpAnswer answer) throws IOException {
        URI to;
        try {
            to = from.resolve(new URI(answer.headers().getOrDefault("location", "http:")));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("the server redirects (HTTP status " + answer.status() + ") to an invalid address");
        }
        boolean http = "http".equalsIgnoreCase(to.getScheme());
        if ((!http && !"https".equalsIgnoreCase(to.getScheme()))
                || !from.getHost().equalsIgnoreCase(to.getHost())
                || to.getRawUserInfo() != null) {
            throw new IOException("the server redirects (HTTP status " + answer.status() + ") to another host."
                    + " Redirects are followed on the same host only: configure the address that it redirects to");
        }
        if (http && "https".equalsIgnoreCase(from.getScheme())) {
            throw new IOException("the server redirects (HTTP status " + answer.status() + ") from https to http");
        }
        return to;
    }

    /** The messages of the libraries below may repeat what the server sent, and the address with its keys. */
    private IOException failure(IOException reason) {
        ReportedCause safe = ReportedCause.of(reason, secrets);
        String message = safe == null ? null : safe.getMessage();
        return new IOException(message == null ? "cannot read the response: " + safe : message, safe);
    }
}
