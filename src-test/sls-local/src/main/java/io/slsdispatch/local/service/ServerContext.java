package io.slsdispatch.local.service;

import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.settings.Quota;
import io.slsdispatch.local.settings.ServiceSettings;
import io.slsdispatch.local.signature.Credential;
import io.slsdispatch.local.signature.SignatureCheck;
import io.slsdispatch.local.store.SlsStore;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;

/** The objects that the handlers of one running SLS Local share. */
public record ServerContext(
        ServiceSettings settings,
        SlsStore store,
        SignatureCheck signatures,
        Quotas quotas,
        Faults faults,
        FaultInjector injector,
        OtherAnswers otherAnswers,
        Stats stats,
        RequestLog requests) {

    /**
     * Creates the context when a server starts.
     *
     * @param credentials the keys that requests may be signed with
     * @param quota limits for reads and writes
     * @param requestsRecorded how many of the last requests are kept
     */
    public static ServerContext of(
            ServiceSettings settings,
            SlsStore store,
            Collection<Credential> credentials,
            Quota quota,
            int requestsRecorded) {
        Faults faults = new Faults(() -> ThreadLocalRandom.current().nextDouble(), System::nanoTime);
        return new ServerContext(
                settings,
                store,
                new SignatureCheck(settings.clock(), credentials),
                new Quotas(settings.clock(), quota),
                faults,
                new FaultInjector(faults, new Events(store)),
                new OtherAnswers(settings.assumptions()),
                new Stats(),
                new RequestLog(requestsRecorded));
    }
}
