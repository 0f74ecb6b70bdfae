package io.slsdispatch.connector.config;

import java.io.Serializable;
import java.util.Optional;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * Tells logstores of equal project and name apart. Project names are unique within a region of the service, so equal names
 * mean one logstore unless both regions are known and differ, or the configuration says that one belongs to a service of
 * its own. The spelling of an address says nothing: a service has many addresses.
 *
 * @param endpoint where the service answers
 * @param region the region; null when it is not known
 * @param isDistinct whether this is said to be another logstore than any of equal project and name at another address
 */
@PublicEvolving
public record LogstoreScope(Endpoint endpoint, @Nullable String region, boolean isDistinct) implements Serializable {

    /**
     * The scope of a logstore.
     *
     * @param region as it is configured; null for that in the name of a public endpoint. When both are there and differ,
     *     the region is not known
     */
    public static LogstoreScope of(Endpoint endpoint, @Nullable String region, boolean isDistinct) {
        String named = Signature.regionOf(endpoint).orElse(null);
        String known = region == null ? named : region;
        boolean contradicts = named != null && !named.equals(known);
        return new LogstoreScope(endpoint, contradicts ? null : known, isDistinct);
    }

    /** Whether logstores of equal project and name, one in each of these scopes, must be taken for one. */
    public boolean isOneWith(LogstoreScope other) {
        boolean areSaidToBeTwo = (isDistinct || other.isDistinct) && mayBeSaidToBeDistinctFrom(other);
        boolean areInTwoRegions = region != null && other.region != null && !region.equals(other.region);
        return isSameAddressAs(other) || !(areInTwoRegions || areSaidToBeTwo);
    }

    /** Whether it makes a difference to say that one of them is distinct: not at one address, nor in one public region. */
    public boolean mayBeSaidToBeDistinctFrom(LogstoreScope other) {
        Optional<String> named = Signature.regionOf(endpoint);
        boolean isOneRegion = named.isPresent() && named.equals(Signature.regionOf(other.endpoint));
        return !isSameAddressAs(other) && !isOneRegion;
    }

    private boolean isSameAddressAs(LogstoreScope other) {
        return address().equals(other.address());
    }

    /**
     * The same text for the same logstore, another one for each that is not taken for one with it:
     * {@code region:cn-hangzhou}, {@code host:10.0.0.7:8080}, or empty when nothing is known. It is part of the ids of dead
     * letters.
     */
    public String text() {
        if (isDistinct) {
            return "host:" + address();
        }
        return region == null ? "" : "region:" + region;
    }

    /** Host and port. The usual ports of http and https are one address. */
    private String address() {
        boolean isUsual = endpoint.port() == (endpoint.tls() ? 443 : 80);
        String host = endpoint.host().contains(":") ? "[" + endpoint.host() + "]" : endpoint.host();
        return host + (isUsual ? "" : ":" + endpoint.port());
    }
}
