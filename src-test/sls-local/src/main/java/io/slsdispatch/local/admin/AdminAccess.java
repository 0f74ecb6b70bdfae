package io.slsdispatch.local.admin;

import io.slsdispatch.local.http.Request;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests under {@code /_local/} are answered. They need no key, so a web page that a browser on this
 * machine shows must not be able to send any:
 *
 * <ul>
 *   <li>a page of another site that sends requests here is recognized by its {@code Origin};
 *   <li>a page whose own name resolves to this machine since it was loaded ("DNS rebinding") is recognized by that
 *       name, which the browser sends as {@code Host}. Only names of this machine and configured names are answered.
 * </ul>
 */
final class AdminAccess {

    /** They resolve to the machine of the browser, whatever the DNS answers. */
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

    private static final Pattern PORT = Pattern.compile(":\\d*$");

    private final Set<String> hosts;

    /** @param hosts names that are answered in addition, also to other machines */
    AdminAccess(Collection<String> hosts) {
        this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns when the request may be answered.
     *
     * @throws Refusal Unauthorized if not
     */
    void check(Request request, InetAddress from) {
        for (String host : hostsOf(request)) {
            if (hosts.contains(host)) {
                continue;
            }
            if (!from.isLoopbackAddress()) {
                throw refused("/_local/ accepts requests from other machines only for the host names of --admin-host");
            }
            if (!THIS_MACHINE.contains(host)) {
                throw refused("/_local/ does not accept the host name '" + host
                        + "': use 127.0.0.1, [::1] or localhost," + " or start SLS Local with --admin-host " + host
                        + " if that is a name of this server");
            }
        }
        if (isOfAnotherPage(request)) {
            throw refused("/_local/ accepts requests from its own pages only");
        }
    }

    /** Every host that the request names: that of {@code Host}, and that of a target as it is sent to a proxy. */
    private static List<String> hostsOf(Request request) {
        List<String> hosts = new ArrayList<>(request.headers().getAll("host"));
        if (hosts.size() != 1) {
            throw refused("/_local/ accepts requests with one Host header only, not with " + hosts.size());
        }
        String authority = request.target().authority();
        if (authority != null) {
            hosts.add(authority);
        }
        hosts.replaceAll(host -> PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT));
        return hosts;
    }

    /** Browsers name the origin of every request that changes something; other programs do not. */
    private static boolean isOfAnotherPage(Request request) {
        @Nullable String origin = request.header("origin");
        return origin != null && !origin.equalsIgnoreCase("http://" + request.header("host", ""));
    }

    private static Refusal refused(String reason) {
        return new Refusal(403, ErrorCode.UNAUTHORIZED.text(), reason);
    }
}
