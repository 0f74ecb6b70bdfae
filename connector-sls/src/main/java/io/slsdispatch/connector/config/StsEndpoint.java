package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.net.URI;
import java.util.regex.Pattern;
import org.apache.flink.annotation.PublicEvolving;

/**
 * The address of the Security Token Service (STS).
 *
 * @param uri https and a host; http only for this machine itself
 */
@PublicEvolving
public record StsEndpoint(URI uri) implements Serializable {

    /** The address that works from everywhere with access to the Internet. */
    public static final StsEndpoint CENTRAL = new StsEndpoint(URI.create("https://sts.aliyuncs.com"));

    private static final Pattern REGION = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::1|0*(:0*){6}:0*1)]", Pattern.CASE_INSENSITIVE);
    private static final int MAX_LABEL = 63;
    private static final int MAX_TEXT = 300;

    public StsEndpoint {
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        if (uri.getHost() == null || (!https && !"http".equalsIgnoreCase(uri.getScheme()))) {
            throw new IllegalArgumentException("the STS endpoint must be [https://]host[:port]");
        }
        boolean isBare = (uri.getRawPath() == null || uri.getRawPath().matches("/?"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null;
        if (!isBare) {
            throw new IllegalArgumentException(
                    "the STS endpoint must be [https://]host[:port], without user, path and query");
        }
        if (!https && !LOOPBACK.matcher(uri.getHost()).matches()) {
            throw new IllegalArgumentException(
                    "the STS endpoint must use https, because its responses contain secrets; http is for 127.0.0.1"
                            + " only");
        }
    }

    /**
     * Parses {@code [https://]host[:port]}.
     *
     * @throws IllegalArgumentException when the text is anything else; the message does not repeat it
     */
    public static StsEndpoint parse(String text) {
        String stripped = text.strip();
        try {
            if (stripped.length() > MAX_TEXT) {
                throw new IllegalArgumentException("too long");
            }
            return new StsEndpoint(URI.create(stripped.contains("://") ? stripped : "https://" + stripped));
        } catch (IllegalArgumentException e) {
            // The message of URI.create repeats the text.
            String reason = e.getMessage() == null || !e.getMessage().startsWith("the STS endpoint")
                    ? "the STS endpoint must be [https://]host[:port]"
                    : e.getMessage();
            throw new IllegalArgumentException(reason);
        }
    }

    /**
     * The address in a region.
     *
     * @param region such as cn-hangzhou
     * @param vpc whether the address inside a VPC is used, which works without access to the Internet
     */
    public static StsEndpoint ofRegion(String region, boolean vpc) {
        if (region.length() > MAX_LABEL || !REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("the STS region is not valid: expected a name such as cn-hangzhou");
        }
        return new StsEndpoint(URI.create("https://sts" + (vpc ? "-vpc." : ".") + region + ".aliyuncs.com"));
    }

    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
