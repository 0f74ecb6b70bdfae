package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.util.Optional;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes logstores of equal project and name. Project names are unique within a region of the service. So equal
 * names mean one logstore unless both regions are known and differ, or the configuration declares that one belongs to a
 * separate service. The endpoint itself proves nothing: a service has many addresses.
 *
 * @param endpoint the address of the service
 * @param region the region; null when it is unknown
 * @param isDistinct whether the configuration declares that this is a different logstore from any of equal project and
 *     name at another address
 */
@PublicEvolving
public record LogstoreScope(Endpoint endpoint, @Nullable String region, boolean isDistinct) implements Serializable {

    /**
     * The scope of a logstore.
     *
     * @param region the configured region; null for the one in the name of a public endpoint. When both exist and
     *     differ, the region is unknown
     */
    public static LogstoreScope of(Endpoint endpoint, @Nullable String region, boolean isDistinct) {
        String named = Signature.regionOf(endpoint).orElse(null);
        String known = region == null ? named : region;
        boolean contradicts = named != null && !named.equals(known);
        return new LogstoreScope(endpoint, contradicts ? null : known, isDistinct);
    }

    /** Whether logstores of equal project and name, one in each of these scopes, must be considered one logstore. */
    public boolean isOneWith(LogstoreScope other) {
        boolean areSaidToBeTwo = (isDistinct || other.isDistinct) && mayBeSaidToBeDistinctFrom(other);
        boolean areInTwoRegions = region != null && other.region != null && !region.equals(other.region);
        return isSameAddressAs(other) || !(areInTwoRegions || areSaidToBeTwo);
    }

    /** Whether declaring one of them distinct has an effect: it has none at one address, nor in one public region. */
    public boolean mayBeSaidToBeDistinctFrom(LogstoreScope other) {
        Optional<String> named = Signature.regionOf(endpoint);
        boolean isOneRegion = named.isPresent() && named.equals(Signature.regionOf(other.endpoint));
        return !isSameAddressAs(other) && !isOneRegion;
    }

    private boolean isSameAddressAs(LogstoreScope other) {
        return address().equals(other.address());
    }

    /**
     * A text that is equal for one logstore, and different for logstores that are not considered the same: {@code
     * region:cn-hangzhou}, {@code host:10.0.0.7:8080}, or empty when nothing is known. It is part of the ids of dead
     * letters.
     */
    public String text() {
        if (isDistinct) {
            return "host:" + address();
        }
        return region == null ? "" : "region:" + region;
    }

    /** Host and port. The default ports of http and https count as one address. */
    private String address() {
        boolean isUsual = endpoint.port() == (endpoint.tls() ? 443 : 80);
        String host = endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
        return host + (isUsual ? "" : ":" + endpoint.port());
    }
}
