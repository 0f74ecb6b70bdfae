package io.slsdispatch.local.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One complete HTTP request.
 *
 * @param method the verb
 * @param target the request target
 * @param headers as received; names compare without regard to case
 * @param body the bytes as sent, still compressed; never modified
 * @param unreadable why the body was discarded, or null
 */
public record Request(
        String method,
        RequestTarget target,
        HttpHeaders headers,
        byte[] body,
        @Nullable Refusal unreadable) {

    /** A header's value, or null when the request has none of that name. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** A header's value, or a default when the request has none of that name. */
    public String header(String name, String otherwise) {
        String value = headers.get(name);
        return value == null ? otherwise : value;
    }

    /**
     * A query parameter, or null when it is absent or empty: official SDKs send {@code offset=&size=} for what their
     * caller did not give ({@code listLogStore} of the Node package {@code @alicloud/log} 1.2.6).
     */
    public @Nullable String parameter(String name) {
        String value = target.query().get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /**
     * A required query parameter.
     *
     * @throws Refusal ParameterInvalid when it is absent or empty
     */
    public String requiredParameter(String name) {
        String value = parameter(name);
        if (value == null) {
            throw new Refusal(ErrorCode.PARAMETER_INVALID, "parameter " + name + " is missing");
        }
        return value;
    }

    /** The parts of the path between slashes, decoded. */
    public List<String> path() {
        return target.segments();
    }

    /** All query parameters, decoded. */
    public Map<String, String> query() {
        return target.query();
    }

    /**
     * The project of the request: from {@code x-log-project}, else the first label of the host in an absolute-form
     * target, else that of {@code Host}. Empty when the host is this machine's own address.
     */
    public Optional<String> project() {
        String named = header("x-log-project");
        if (named != null && !named.isEmpty()) {
            return Optional.of(named);
        }
        return RequestTarget.projectOf(authority());
    }

    /**
     * Whether the request is sent to an endpoint and not to a project of it. The Go SDK and the generated SDKs list
     * projects with {@code GET /}, which is also GetProject: only the host tells them apart.
     */
    public boolean isToEndpoint() {
        return header("x-log-project", "").isEmpty() && RequestTarget.isEndpoint(authority());
    }

    private String authority() {
        String authority = target.authority();
        return authority != null ? authority : header("host", "");
    }
}
