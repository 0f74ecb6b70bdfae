package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.http.Deadline;
import io.slsdispatch.connector.client.http.HttpAnswer;
import io.slsdispatch.connector.client.http.HttpFetch;
import io.slsdispatch.connector.client.http.HttpFetch.Request;
import io.slsdispatch.connector.client.http.HttpFetch.Route;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole;
import io.slsdispatch.connector.config.CredentialsConfig.EcsRamRole.PlainCalls;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fetches the credentials of the role of the machine from its metadata service: a token, the name of the role unless it
 * is configured, and the credentials. The requests are those of Alibaba Cloud's own library (credentials-java 1.0.2),
 * with one token for all requests of a fetch.
 */
final class EcsRoleFetch implements CredentialsFetch {

    private static final String TOKEN_PATH = "/latest/api/token";
    private static final String ROLES_PATH = "/latest/meta-data/ram/security-credentials/";
    private static final Map<String, String> TOKEN_LIFE = Map.of("X-aliyun-ecs-metadata-token-ttl-seconds", "21600");
    private static final String TOKEN_HEADER = "X-aliyun-ecs-metadata-token";

    private static final String TOKEN_STEP = "the token";
    private static final String NAME_STEP = "the name of the role";
    private static final String CREDENTIALS_STEP = "the credentials of role ";

    /** An instance that does not support tokens may never respond to the request for one. */
    private static final Duration TOKEN_LIMIT = Duration.ofSeconds(2);

    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final Set<Integer> TOKEN_UNKNOWN = Set.of(FORBIDDEN, NOT_FOUND, 405);

    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");
    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final EcsRamRole config;
    private final FetchSteps steps;
    private final Clock clock;

    EcsRoleFetch(EcsRamRole config, Clock clock) {
        this.config = config;
        this.steps = new FetchSteps(config, Route.direct());
        this.clock = clock;
    }

    /** How the requests of one fetch are authenticated: with a token, or without one and why. */
    private record Access(Map<String, String> headers, String whyPlain) {}

    @Override
    public Credentials fetch(Deadline deadline) throws NoCredentialsException {
        Access access = access(deadline);
        String configured = config.role();
        String role = configured == null ? roleName(access, deadline) : configured;
        String step = CREDENTIALS_STEP + role;
        Request request = get(ROLES_PATH + role, access);
        HttpAnswer answer = steps.send(step, request, deadline);
        if (answer.status() != OK) {
            throw refused(step, request, answer, access);
        }
        try {
            RoleAnswer parsed = RoleAnswer.parse(answer);
            if (!parsed.code().equals("Success") && !parsed.code().isEmpty()) {
                throw steps.failed(
                        step,
                        request,
                        RoleAnswer.describe(answer),
                        "Check the trust policy of the role: it must allow the service ecs.aliyuncs.com");
            }
            return parsed.credentials("", "RAM role " + role + " of the machine", clock);
        } catch (RoleAnswer.UnreadableException e) {
            throw steps.failed(step, request, String.valueOf(e.getMessage()), "");
        }
    }

    private Access access(Deadline deadline) throws NoCredentialsException {
        Request request = new Request("PUT", uri(TOKEN_PATH), TOKEN_LIFE, null);
        String reason;
        boolean isUnknown;
        try {
            HttpAnswer answer = HttpFetch.send(request, steps.route(), deadline.atMost(TOKEN_LIMIT));
            String token = answer.text().strip();
            if (answer.status() == OK && TOKEN.matcher(token).matches()) {
                return new Access(Map.of(TOKEN_HEADER, token), "");
            }
            reason = answer.status() == OK ? "the response is not a token" : "HTTP status " + answer.status();
            isUnknown = TOKEN_UNKNOWN.contains(answer.status());
        } catch (IOException e) {
            reason = "no response: " + FetchSteps.reason(e);
            isUnknown = e instanceof SocketTimeoutException;
        }
        if (config.plainCalls() == PlainCalls.AFTER_ANY_FAILURE
                || (isUnknown && config.plainCalls() == PlainCalls.WHEN_TOKEN_UNKNOWN)) {
            return new Access(Map.of(), reason);
        }
        throw steps.failed(
                TOKEN_STEP,
                request,
                reason,
                isUnknown
                        ? "Requests without a token are not allowed here by plain-calls (in code: EcsRamRole(plainCalls))"
                        : "");
    }

    private String roleName(Access access, Deadline deadline) throws NoCredentialsException {
        Request request = get(ROLES_PATH, access);
        HttpAnswer answer = steps.send(NAME_STEP, request, deadline);
        if (answer.status() != OK) {
            throw refused(NAME_STEP, request, answer, access);
        }
        List<String> names = answer.text()
                .lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.size() != 1) {
            throw steps.failed(
                    NAME_STEP,
                    request,
                    "the response has " + names.size() + " names",
                    names.isEmpty() ? "Attach a RAM role to the instance" : "Configure which role to use");
        }
        if (!ROLE.matcher(names.get(0)).matches()) {
            throw steps.failed(NAME_STEP, request, "the response is not the name of a role", "");
        }
        return names.get(0);
    }

    private NoCredentialsException refused(String step, Request request, HttpAnswer answer, Access access) {
        String hint = "";
        if (answer.status() == NOT_FOUND) {
            hint = step.equals(NAME_STEP)
                    ? "Attach a RAM role to the instance"
                    : "Check that this role is attached to the instance";
        } else if (!access.whyPlain().isEmpty()) {
            hint = "The request had no token: " + access.whyPlain();
        }
        return steps.failed(step, request, "HTTP status " + answer.status(), hint);
    }

    private Request get(String path, Access access) {
        return new Request("GET", uri(path), access.headers(), null);
    }

    private URI uri(String path) {
        return config.address().resolve(path);
    }
}
