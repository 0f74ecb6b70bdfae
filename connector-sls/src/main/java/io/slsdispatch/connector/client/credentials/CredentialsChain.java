package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.http.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first of several sources that has credentials, determined for each request. Once one has had credentials, an
 * earlier one without any is asked in the background only: a source that does not answer does not delay requests.
 */
final class CredentialsChain implements CredentialsSource {

    private final List<CredentialsSource> links;
    private volatile int last;

    CredentialsChain(List<CredentialsSource> links) {
        this.links = List.copyOf(links);
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
                last = i;
                return available.get();
            }
        }
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < links.size(); i++) {
            try {
                Credentials credentials = links.get(i).current();
                last = i;
                return credentials;
            } catch (NoCredentialsException e) {
                reasons.add(e.getMessage());
            }
        }
        throw new NoCredentialsException(String.join("; ", reasons));
    }

    @Override
    public long failures() {
        return links.stream().mapToLong(CredentialsSource::failures).sum();
    }
}
