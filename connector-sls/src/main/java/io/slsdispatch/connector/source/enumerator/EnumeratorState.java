package io.slsdispatch.connector.source.enumerator;

/** State of the enumerator in a checkpoint. */
public final class EnumeratorState {}
