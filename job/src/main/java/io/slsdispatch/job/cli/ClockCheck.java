package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.AnswerTime;
import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.client.http.HttpAnswer;
import io.slsdispatch.connector.client.http.HttpFetch;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Durations;
import io.slsdispatch.connector.config.ProxyConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Check of the clock of this machine against that of an endpoint. Signatures are valid within 15 min of the service's
 * time (its documentation of error {@code RequestTimeExpired}); beyond that the service refuses them, and the
 * client signs with the service's time, up to a difference of two days.
 */
final class ClockCheck {

    private static final Duration REFUSED_FROM = Duration.ofMinutes(15);
    /** As {@link io.slsdispatch.connector.client.SlsClient#clockOffset}. */
    private static final Duration CORRECTED_UP_TO = Duration.ofDays(2);

    private static final Duration NOTEWORTHY_FROM = Duration.ofMinutes(1);

    private static final int HEAD_ONLY = 0;

    private final Clock clock;

    ClockCheck(Clock clock) {
        this.clock = clock;
    }

    /** Queries the time that every HTTP response carries, whatever its status. Needs no credentials. */
    Finding ask(ConnectionConfig connection) throws InterruptedException {
        String subject = "clock of " + connection.endpoint();
        if (connection.network().caFile() != null) {
            return Finding.ok(subject, "not compared: only 'ca-file' trusts the certificate of the endpoint");
        }
        ProxyConfig proxy = connection.network().proxy();
        Instant before = clock.instant();
        try {
            HttpAnswer answer = HttpFetch.send(
                    HttpFetch.Request.get(URI.create(connection.endpoint() + "/")),
                    HttpFetch.Route.through(
                            proxy == null ? null : InetSocketAddress.createUnresolved(proxy.host(), proxy.port())),
                    Deadline.after(connection.network().requestTimeout()),
                    new HttpFetch.Limits(connection.network().connectTimeout(), HEAD_ONLY));
            Optional<Instant> theirs = AnswerTime.of(answer.header(AnswerTime.FIRST), answer.header(AnswerTime.SECOND));
            return theirs.map(time -> compare(subject, before, clock.instant(), time))
                    .orElseGet(() -> Finding.ok(
                            subject,
                            "not compared: the response has neither a valid x-log-time nor a valid Date header"));
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Finding.failed(
                    subject, "the endpoint cannot be reached: " + reason(e) + ". Check the endpoint and the network.");
        }
    }

    private static String reason(IOException error) {
        if (error.getCause() instanceof UnknownHostException) {
            return "the host name cannot be resolved";
        }
        return error instanceof ConnectException
                ? "the connection was refused, or there is no route to the host"
                : error.toString();
    }

    private static Finding compare(String subject, Instant before, Instant after, Instant theirs) {
        Instant ours = before.plus(Duration.between(before, after).dividedBy(2));
        Duration skew = Duration.between(theirs, ours);
        String difference = skew.toSeconds() == 0
                ? "agrees with the local clock"
                : "the local clock is " + Durations.measured(skew.abs()) + (skew.isNegative() ? " behind" : " ahead");
        if (skew.abs().compareTo(REFUSED_FROM) >= 0) {
            return Finding.failed(
                    subject,
                    difference + ": the service rejects this time"
                            + (skew.abs().compareTo(CORRECTED_UP_TO) <= 0
                                    ? ", and requests are signed with its own time instead"
                                    : ", and thus every request")
                            + ". Correct the clock of this machine and of the machines of the cluster.");
        }
        return Finding.ok(
                subject,
                skew.abs().compareTo(NOTEWORTHY_FROM) >= 0
                        ? difference + "; from 15 min on, the service rejects requests with this time"
                        : difference);
    }
}
