package io.slsdispatch.connector.client.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RequestCredentialsTest {

    @Test
    void anErrorOfTheSourceEndsOnlyTheRequestsThatWaitedForIt() {
        Credentials found = new Credentials("id", Secret.of("secret"), Optional.empty(), Optional.empty());
        AtomicInteger asked = new AtomicInteger();
        RequestCredentials credentials = new RequestCredentials(
                () -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new NoClassDefFoundError("gone");
                    }
                    return found;
                },
                Runnable::run);

        assertThat(credentials.current()).isCompletedExceptionally();
        assertThat(credentials.current()).isCompletedWithValue(found);
    }
}
