package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.annotation.PublicEvolving;

/**
 * The address of the service, without the project: requests of a project go to {@code <project>.<host>}. Only if the
 * host is an IP address or {@code localhost}, which have no sub-domains, requests go to the host itself and name the
 * project in the {@code Host} header alone.
 *
 * @param tls whether to use https
 * @param host a host name, an IPv4 address, or an IPv6 address without brackets; lower case
 * @param port 1 to 65535
 */
@PublicEvolving
public record Endpoint(boolean tls, String host, int port) implements Serializable {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MAX_PORT = 65_535;

    /**
     * The maximum length of a DNS name (RFC 1035); a much longer one exhausts the stack of the regular expression for
     * names.
     */
    private static final int MAX_NAME = 253;

    private static final Pattern TEXT = Pattern.compile(
            "(?:(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?<host>[^/:\\[\\]?#@\\s]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>\\d{1,5}))?/*");
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    /**
     * A public endpoint with a project before it. A region has at least one '-'; see {@link Signature.PublicEndpoint}
     * for the names without a project.
     */
    private static final Pattern WITH_PROJECT = Pattern.compile("(?<project>[a-z0-9_-]+)"
            + "\\.(?<endpoint>([a-z]+-[a-z0-9-]+(\\.dualstack)?\\.(log|sls)|log-global)\\.aliyuncs\\.com)");

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final int MAX_OCTET = 255;

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    public Endpoint {
        boolean isValid =
                host.contains(":") ? isIpv6(host) : !IPV4.matcher(host).matches() || isIpv4(host);
        if (!isValid) {
            throw new IllegalArgumentException("'" + host + "' in the endpoint is not a valid IP address");
        }
        if (!host.contains(":")
                && (host.length() > MAX_NAME || !NAME.matcher(host).matches())) {
            throw new IllegalArgumentException("host '" + host + "' of the endpoint is not a host name or IP address");
        }
        Matcher withProject = WITH_PROJECT.matcher(host);
        if (withProject.matches()) {
            throw new IllegalArgumentException("the endpoint " + host + " contains the project '"
                    + withProject.group("project") + "': use the endpoint " + withProject.group("endpoint")
                    + ", and name the project together with the logstore");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "port " + port + " of the endpoint is not valid: expected 1 to " + MAX_PORT);
        }
    }

    /**
     * Parses {@code [http://|https://]host[:port]}. Without a scheme it is http, as in all official clients. An IPv6
     * address is in brackets. The dot at the end of an absolute name is dropped: names of certificates and signed hosts
     * have none.
     *
     * @throws IllegalArgumentException when the text is anything else; the message says what is wrong
     */
    public static Endpoint parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(problemOf(text.strip()));
        }
        String scheme = matcher.group("scheme") == null ? "http" : matcher.group("scheme");
        boolean tls = scheme.equalsIgnoreCase("https");
        if (!tls && !scheme.equalsIgnoreCase("http")) {
            throw new IllegalArgumentException("the endpoint has the scheme '" + scheme + "': expected http or https");
        }
        String host = matcher.group("host").toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        String port = matcher.group("port");
        return new Endpoint(tls, host, port == null ? (tls ? HTTPS_PORT : HTTP_PORT) : Integer.parseInt(port));
    }

    /** What is wrong with a text that is no endpoint. Repeats nothing of it, since it may contain a password. */
    private static String problemOf(String text) {
        Matcher scheme = SCHEME.matcher(text);
        String rest = scheme.lookingAt() ? text.substring(scheme.end()) : text;
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String form = "[http://|https://]host[:port], such as https://cn-hangzhou.log.aliyuncs.com";
        if (rest.contains("@")) {
            return "the endpoint contains a user: expected " + form;
        }
        if (rest.contains("?") || rest.contains("#")) {
            return "the endpoint contains a query or fragment: expected " + form;
        }
        if (!authority.startsWith("[") && authority.indexOf(':') != authority.lastIndexOf(':')) {
            return "an IPv6 address in the endpoint needs brackets: http://[2001:db8::1]:8080";
        }
        if (slash > 0) {
            return "the endpoint contains a path: expected " + form
                    + ". The service has no path for a project; name it in 'project'";
        }
        return "the endpoint is not of the form " + form;
    }

    private static boolean isIpv4(String host) {
        for (String octet : host.split("\\.", -1)) {
            if (Integer.parseInt(octet) > MAX_OCTET) {
                return false;
            }
        }
        return true;
    }

    /** In brackets, the JDK never looks the text up as a name. */
    private static boolean isIpv6(String host) {
        try {
            return InetAddress.getByName("[" + host + "]") != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether requests go to the host itself, because it has no sub-domain for the project. */
    public boolean isDirect() {
        return host.contains(":")
                || host.equals("localhost")
                || IPV4.matcher(host).matches();
    }

    /** {@code http} or {@code https}. */
    public String scheme() {
        return tls ? "https" : "http";
    }

    @Override
    public String toString() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        boolean usual = port == (tls ? HTTPS_PORT : HTTP_PORT);
        return scheme() + "://" + name + (usual ? "" : ":" + port);
    }
}
