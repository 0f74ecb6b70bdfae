package io.slsdispatch.local;

import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.store.SlsStore;
import io.slsdispatch.local.wire.SignatureCheck;

/** What one running SLS Local consists of, beside its connections. */
record Parts(
        SlsStore store,
        SignatureCheck signatures,
        Quotas quotas,
        Faults faults,
        Interference interference,
        Stats stats,
        RequestLog requests) {}
