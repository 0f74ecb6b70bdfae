package io.slsdispatch.e2e.flinklts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What a class file declares.
 *
 * @param access the access flags of the class
 * @param parents its super class and interfaces
 * @param members its methods and fields, with the access flags of each
 */
record ClassSummary(String name, int access, List<String> parents, Map<Member, Integer> members) {

    static ClassSummary of(ClassReader file) {
        List<String> parents = new ArrayList<>();
        if (file.getSuperName() != null) {
            parents.add(file.getSuperName());
        }
        parents.addAll(List.of(file.getInterfaces()));
        Map<Member, Integer> members = new HashMap<>();
        file.accept(new Declarations(members), ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
        return new ClassSummary(file.getClassName(), file.getAccess(), parents, members);
    }

    boolean isConcrete() {
        return (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) == 0;
    }

    /** The methods without a body. */
    Set<Member> abstractMethods() {
        return methods(flags -> (flags & Opcodes.ACC_ABSTRACT) != 0);
    }

    /** The methods with a body that an object of the class may be called by. */
    Set<Member> bodies() {
        int others = Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_ABSTRACT;
        return methods(flags -> (flags & others) == 0);
    }

    private Set<Member> methods(IntPredicate wanted) {
        return members.entrySet().stream()
                .filter(member -> member.getKey().isMethod() && wanted.test(member.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static final class Declarations extends ClassVisitor {

        private final Map<Member, Integer> members;

        Declarations(Map<Member, Integer> members) {
            super(Opcodes.ASM9);
            this.members = members;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            members.put(new Member(name, descriptor), access);
            return null;
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access, String name, String descriptor, @Nullable String signature, @Nullable Object value) {
            members.put(new Member(name, descriptor), access);
            return null;
        }
    }
}
