package io.slsdispatch.local.fault;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How one effect looks in JSON.
 *
 * @param name the value of the field {@code effect}
 * @param type the effect
 * @param help its other fields and what it does, for people
 * @param reader takes the effect's fields
 * @param writer adds the effect's fields
 */
record EffectFormat<E extends Effect>(
        String name,
        Class<E> type,
        String help,
        Function<FaultFields, E> reader,
        BiConsumer<E, Map<String, Object>> writer) {

    void write(Effect effect, Map<String, Object> json) {
        json.put("effect", name);
        if (effect instanceof Effect.Timed timed) {
            json.put("when", FaultFields.text(timed.moment()));
        }
        writer.accept(type.cast(effect), json);
    }
}
