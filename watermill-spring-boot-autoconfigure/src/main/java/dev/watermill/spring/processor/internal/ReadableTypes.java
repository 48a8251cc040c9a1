package dev.watermill.spring.processor.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.core.ResolvableType;

/**
 * The types whose members an expression over some elements can name: those of the
 * elements and of all that their methods without parameters return, a JDK's type such as
 * {@link java.time.Instant} included, but nothing that is beyond such a type.
 */
final class ReadableTypes {

	private final Set<Class<?>> types = new LinkedHashSet<>();

	ReadableTypes(Collection<ResolvableType> elements) {
		elements.forEach(this::add);
	}

	private void add(ResolvableType type) {
		Class<?> raw = type.resolve();
		if (raw == null) {
			return;
		}
		if (raw.isArray()) {
			add(type.getComponentType());
			return;
		}
		for (ResolvableType generic : type.getGenerics()) {
			add(generic);
		}
		if (raw.isPrimitive() || raw == Object.class || !this.types.add(raw) || isOfTheJdk(raw)) {
			return;
		}
		for (Class<?> owner = raw; owner != null && owner != Object.class; owner = owner.getSuperclass()) {
			for (Method method : owner.getDeclaredMethods()) {
				if (method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
						&& !Modifier.isPrivate(method.getModifiers())) {
					add(ResolvableType.forMethodReturnType(method, raw));
				}
			}
		}
	}

	private static boolean isOfTheJdk(Class<?> type) {
		return type.getName().startsWith("java.") || type.getName().startsWith("javax.");
	}

	void registerHints(ReflectionHints hints) {
		this.types.forEach((type) -> hints.registerType(type, MemberCategory.ACCESS_PUBLIC_FIELDS,
				MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.INVOKE_DECLARED_METHODS));
	}

}
