package dev.watermill.spring.processor.internal;

import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.BaseStream;

import org.springframework.core.ResolvableType;

/**
 * Says of types what they mean in a signature.
 */
final class ElementTypes {

	private static final int MAX_DEPTH = 8;

	private ElementTypes() {
	}

	/**
	 * Return what is known of a type: variables and wildcards have become their upper
	 * bounds, in its arguments too.
	 */
	static ResolvableType bound(ResolvableType type) {
		return bound(type, 0);
	}

	private static ResolvableType bound(ResolvableType type, int depth) {
		if (type.getType() instanceof WildcardType wildcard) {
			return bound(ResolvableType.forType(wildcard.getUpperBounds()[0], type), depth);
		}
		Class<?> raw = type.resolve(Object.class);
		// Type arguments may refer to themselves
		if (!type.hasGenerics() || raw.isArray() || depth > MAX_DEPTH) {
			return (raw.isArray()) ? type : ResolvableType.forClass(raw);
		}
		return ResolvableType.forClassWithGenerics(raw,
				Arrays.stream(type.getGenerics())
					.map((generic) -> bound(generic, depth + 1))
					.toArray(ResolvableType[]::new));
	}

	static boolean same(ResolvableType left, ResolvableType right) {
		return describe(left).equals(describe(right)) && left.resolve() == right.resolve();
	}

	/**
	 * Whether elements of a stream can have this type.
	 */
	static boolean isElement(ResolvableType type) {
		Class<?> raw = type.resolve();
		if (raw == null || raw == Object.class || raw == Void.class || raw.isArray() || raw.isPrimitive()
				|| raw.isAnnotation()) {
			return false;
		}
		if (Map.class.isAssignableFrom(raw)) {
			return isObjectMap(type);
		}
		return !Collection.class.isAssignableFrom(raw) && raw != Iterable.class && raw != Optional.class
				&& !BaseStream.class.isAssignableFrom(raw);
	}

	/**
	 * Whether this is {@code Map<String, Object>}, an element that has no type of its
	 * own.
	 */
	static boolean isObjectMap(ResolvableType type) {
		return type.resolve() == Map.class && bound(type.getGeneric(0)).resolve() == String.class
				&& bound(type.getGeneric(1)).resolve(Object.class) == Object.class;
	}

	static String simpleName(ResolvableType type) {
		return type.resolve(Object.class).getSimpleName();
	}

	/**
	 * Return a type as its author wrote it, without packages.
	 */
	static String describe(ResolvableType type) {
		return type.toString().replaceAll("(\\w+\\.)+(?=\\w)", "").replace('$', '.');
	}

}
