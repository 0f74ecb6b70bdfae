package io.slsdispatch.local.junit;

import io.slsdispatch.local.SlsLocal;
import io.slsdispatch.local.SlsLocalOptions.NewLogstore;
import io.slsdispatch.local.fault.Faults;
import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.service.RequestLog;
import io.slsdispatch.local.wire.Refusal;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Does what {@link WithSlsLocal} says. A server starts when it is first needed. Another extension asks for it with
 * {@link #serverOf}.
 */
public final class SlsLocalExtension implements ParameterResolver, BeforeEachCallback, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(SlsLocalExtension.class);
    private static final Set<Class<?>> TYPES =
            Set.of(SlsLocal.class, Faults.class, LogstoreLedger.class, RequestLog.class);

    /** An annotation, and the class or method that has it. */
    private record Found(WithSlsLocal annotation, ExtensionContext at) {

        boolean isShared() {
            return annotation.server() == WithSlsLocal.Server.PER_CLASS
                    && at.getTestMethod().isEmpty();
        }
    }

    /**
     * The server of a test or class, for another extension.
     *
     * @param context of a test; with {@link WithSlsLocal.Server#PER_CLASS} also of its class
     * @throws ExtensionConfigurationException when it has none, or it cannot start
     */
    public static SlsLocal serverOf(ExtensionContext context) {
        return running(found(context), context).server();
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        // Constructors have the server of their test.
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Found found = found(context);
        if (found.isShared()) {
            running(found, context).testBegins();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Found found = found(context);
        if (found.isShared()) {
            running(found, context).testEnds();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Found found = found(context);
        SlsLocal server = running(found, context).server();
        Class<?> type = parameter.getParameter().getType();
        if (type == SlsLocal.class) {
            return server;
        }
        if (type == Faults.class) {
            return server.faults();
        }
        return type == RequestLog.class ? server.requests() : ledger(parameter, found.annotation(), server);
    }

    private static LogstoreLedger ledger(ParameterContext parameter, WithSlsLocal annotation, SlsLocal server) {
        String name = parameter
                .findAnnotation(LedgerOf.class)
                .map(LedgerOf::value)
                .orElseGet(() -> {
                    if (annotation.logstores().length != 1) {
                        throw new ParameterResolutionException("@WithSlsLocal has " + annotation.logstores().length
                                + " logstores: say which with @LedgerOf(\"project/logstore\") on the parameter");
                    }
                    NewLogstore only = NewLogstore.parse(annotation.logstores()[0]);
                    return only.project() + "/" + only.logstore();
                });
        String[] parts = name.split("/", -1);
        if (parts.length != 2) {
            throw new ParameterResolutionException("@LedgerOf(\"" + name + "\"): expected \"project/logstore\"");
        }
        try {
            return server.ledger(parts[0], parts[1]);
        } catch (Refusal unknown) {
            throw new ParameterResolutionException(
                    "@LedgerOf(\"" + name + "\"): " + unknown.getMessage() + "; name it in logstores of @WithSlsLocal",
                    unknown);
        }
    }

    /** The innermost annotation: of the test, of its class, or of a class that this one is nested in. */
    private static Found found(ExtensionContext context) {
        for (Optional<ExtensionContext> at = Optional.of(context);
                at.isPresent();
                at = at.get().getParent()) {
            Optional<WithSlsLocal> annotation =
                    AnnotationSupport.findAnnotation(at.get().getElement(), WithSlsLocal.class);
            if (annotation.isPresent()) {
                return new Found(annotation.get(), at.get());
            }
        }
        throw new ExtensionConfigurationException(
                "SlsLocalExtension has no settings: use @WithSlsLocal in place of @ExtendWith");
    }

    private static RunningServer running(Found found, ExtensionContext context) {
        if (!found.isShared() && context.getTestMethod().isEmpty()) {
            throw new ExtensionConfigurationException(
                    "There is no server of SLS Local here: @WithSlsLocal starts one for"
                            + " each test method. Use a parameter of @BeforeEach or of the test, or"
                            + " @WithSlsLocal(server = PER_CLASS)");
        }
        ExtensionContext owner = found.isShared() ? found.at() : context;
        // A store also has what is in those of the classes around, so its owner is part of the key.
        return owner.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        owner.getUniqueId(), first -> RunningServer.start(found.annotation()), RunningServer.class);
    }
}
