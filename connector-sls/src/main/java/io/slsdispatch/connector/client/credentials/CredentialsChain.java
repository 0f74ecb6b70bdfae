package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.http.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first of several sources that has credentials, determined for each request. Once one has had credentials, an
 * earlier one without any is asked in the background only: a source that does not answer does not delay requests.
 */
final class CredentialsChain implements CredentialsSource {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialsChain.class);

    private final List<CredentialsSource> links;
    private final long[] seenFailures;
    private volatile int last;
    private volatile long failures;

    CredentialsChain(List<CredentialsSource> links) {
        this.links = List.copyOf(links);
        this.seenFailures = new long[links.size()];
    }

    /** The credentials of the first that fetches some. Each gets a share of the time. */
    static Credentials first(List<CredentialsFetch> links, Deadline deadline) throws NoCredentialsException {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < links.size(); i++) {
            try {
                return links.get(i).fetch(deadline.share(links.size() - i));
            } catch (NoCredentialsException e) {
                reasons.add(e.getMessage());
            }
        }
        throw new NoCredentialsException(String.join("; ", reasons));
    }

    @Override
    public Credentials current() throws NoCredentialsException {
        for (int i = 0; i <= last; i++) {
            Optional<Credentials> available = links.get(i).available();
            if (available.isPresent()) {
                return used(i, available.get());
            }
        }
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < links.size(); i++) {
            try {
                Credentials credentials = links.get(i).current();
                if (!reasons.isEmpty() && i != last) {
                    LOG.warn("Using {}: {}. No earlier way has any: {}", credentials.origin(), credentials, reasons);
                }
                return used(i, credentials);
            } catch (NoCredentialsException e) {
                reasons.add(String.valueOf(e.getMessage()));
            }
        }
        synchronized (this) {
            failures++;
        }
        throw new NoCredentialsException(String.join("; ", reasons));
    }

    private synchronized Credentials used(int link, Credentials credentials) {
        last = link;
        for (int i = 0; i < seenFailures.length; i++) {
            long seen = links.get(i).failures();
            if (i == link) {
                failures += seen - seenFailures[i];
            }
            seenFailures[i] = seen;
        }
        return credentials;
    }

    /** Those of the way that is used, and those of all ways together: a way that is not set up here is no failure. */
    @Override
    public long failures() {
        return failures;
    }
}
