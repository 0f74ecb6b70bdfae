package io.slsdispatch.job.rules;

import io.slsdispatch.connector.config.Durations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Source of rules at an http or https URL; each call sends one request. A call ends within its time-out even when the
 * response stalls after it begins: the time-out of the JDK's HTTP client covers only the response up to its headers.
 */
final class HttpRulesSource {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final URI address;
    private final Duration limit;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();

    HttpRulesSource(URI address) {
        this(address, TIME_LIMIT);
    }

    HttpRulesSource(URI address, Duration limit) {
        this.address = address;
        this.limit = limit;
    }

    /**
     * Reads the rules once.
     *
     * @throws IOException when the response cannot be read, is too long, or may be truncated; the message says which
     */
    StabilityCheck.Reading reading() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).GET().build();
        CompletableFuture<HttpResponse<byte[]>> call = client.sendAsync(request, head -> new LimitedBody());
        try {
            HttpResponse<byte[]> answer = call.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != OK) {
                throw new IOException("the server returned HTTP status " + answer.statusCode());
            }
            if (!isDelimited(answer) && !StabilityCheck.hasEndMark(answer.body())) {
                throw new IOException(
                        "the response has neither Content-Length nor chunked encoding, so a truncated response"
                                + " cannot be detected. End the rules with a line '...'");
            }
            return new StabilityCheck.Reading(answer.body(), OK);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("cannot read the response: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("the response takes longer than " + Durations.text(limit), e);
        } finally {
            call.cancel(true);
        }
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
