package io.slsdispatch.local.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the logstore of a parameter of type {@link io.slsdispatch.local.ledger.LogstoreLedger}, see {@link WithSlsLocal}. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface LedgerOf {

    /** The logstore, as in {@code my-project/my-logstore}. */
    String value();
}
