package io.slsdispatch.connector.client.credentials;

import java.util.ArrayList;
import java.util.List;

/** The first of several sources that has credentials, asked again each time. */
final class ChainedCredentials implements CredentialsSource {

    private final List<CredentialsSource> links;

    ChainedCredentials(List<CredentialsSource> links) {
        this.links = List.copyOf(links);
    }

    @Override
    public Credentials current() throws NoCredentialsException {
        List<String> reasons = new ArrayList<>();
        for (CredentialsSource link : links) {
            try {
                return link.current();
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
