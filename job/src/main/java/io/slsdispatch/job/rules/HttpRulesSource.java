package io.slsdispatch.job.rules;

import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.text.ReportedCause;
import io.slsdispatch.connector.text.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Source of rules at an http or https URL; each call sends one request, and more for redirects. A call ends within its time-out even when the
 * response stalls after it begins: the time-out of the JDK's HTTP client covers only the response up to its headers.
 */
final class HttpRulesSource {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MAX_REDIRECTS = 5;

    private final URI address;
    private final Secrets secrets;
    private final Duration limit;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

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
        long deadline = System.nanoTime() + limit.toNanos();
        URI next = address;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<byte[]> answer = answer(next, deadline);
            if (REDIRECTS.contains(answer.statusCode())) {
                next = redirected(next, answer);
            } else {
                return reading(answer);
            }
        }
        throw new IOException("the server redirects more than " + MAX_REDIRECTS + " times");
    }

    private HttpResponse<byte[]> answer(URI from, long deadline) throws IOException, InterruptedException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(from).GET().build();
        } catch (IllegalArgumentException e) {
            // For example a port that does not exist.
            throw failure(e);
        }
        CompletableFuture<HttpResponse<byte[]>> call = client.sendAsync(request, head -> new LimitedBody());
        try {
            return call.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the response takes longer than " + Durations.text(limit), e);
        } finally {
            call.cancel(true);
        }
    }

    private static StabilityCheck.Reading reading(HttpResponse<byte[]> answer) throws IOException {
        if (answer.statusCode() != OK) {
            throw new IOException("the server returned HTTP status " + answer.statusCode());
        }
        if (!isDelimited(answer) && !StabilityCheck.hasEndMark(answer.body())) {
            throw new IOException(
                    "the response has neither Content-Length nor chunked encoding, so a truncated response"
                            + " cannot be detected. End the rules with a line '...'");
        }
        return new StabilityCheck.Reading(answer.body(), OK);
    }

    private static URI redirected(URI from, HttpResponse<?> answer) throws IOException {
        URI to;
        try {
            to = from.resolve(new URI(answer.headers().firstValue("location").orElse("http:")));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException(
                    "the server redirects (HTTP status " + answer.statusCode() + ") to an invalid address");
        }
        boolean http = "http".equalsIgnoreCase(to.getScheme());
        if ((!http && !"https".equalsIgnoreCase(to.getScheme()))
                || !from.getHost().equalsIgnoreCase(to.getHost())
                || to.getRawUserInfo() != null) {
            throw new IOException("the server redirects (HTTP status " + answer.statusCode() + ") to another host."
                    + " Redirects are followed on the same host only: configure the address that it redirects to");
        }
        if (http && "https".equalsIgnoreCase(from.getScheme())) {
            throw new IOException("the server redirects (HTTP status " + answer.statusCode() + ") from https to http");
        }
        return to;
    }

    /** The messages of the client may repeat what the server sent, and the address with its keys. */
    private IOException failure(@Nullable Throwable reason) {
        ReportedCause safe = ReportedCause.of(reason, secrets);
        String message = safe == null ? "no reason" : safe.toString();
        return new IOException(
                reason instanceof IOException && safe != null && safe.getMessage() != null
                        ? safe.getMessage()
                        : "cannot read the response: " + message,
                safe);
    }

    /** Whether truncation of the response is detected. The client checks the length when the response declares one. */
    private static boolean isDelimited(HttpResponse<?> answer) {
        return answer.version() == HttpClient.Version.HTTP_2
                || answer.headers().firstValue("content-length").isPresent()
                || answer.headers().firstValue("transfer-encoding").stream()
                        .anyMatch(coding -> coding.toLowerCase(Locale.ROOT).endsWith("chunked"));
    }

    /** A response body that is kept only up to the maximum size of rules. */
    private static final class LimitedBody implements BodySubscriber<byte[]> {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            for (ByteBuffer part : parts) {
                if (bytes.size() + part.remaining() > StabilityCheck.Reading.MAX_BYTES) {
                    Objects.requireNonNull(subscription).cancel();
                    whole.completeExceptionally(new IOException(StabilityCheck.Reading.TOO_LONG));
                    return;
                }
                byte[] copy = new byte[part.remaining()];
                part.get(copy);
                bytes.writeBytes(copy);
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }
}
