package dev.watermill.spring.expression.internal;

import java.lang.invoke.CallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NativeDetector;
import org.springframework.util.ClassUtils;

/**
 * Reads a member of an object without reflection. A method becomes a function as a method
 * reference in source code would; where that is not possible, and for fields, a method
 * handle is called.
 */
final class Accessor {

	private static final Lookup LOOKUP = MethodHandles.lookup();

	private final Lookup lookup;

	private final MethodHandle handle;

	private final boolean method;

	private Accessor(Lookup lookup, MethodHandle handle, boolean method) {
		this.lookup = lookup;
		this.handle = handle;
		this.method = method;
	}

	/**
	 * Gain access to a member.
	 * @param member a method without parameters or a field
	 * @return the accessor
	 * @throws IllegalAccessException if the module system forbids it
	 */
	static Accessor of(Member member) throws IllegalAccessException {
		Lookup lookup = lookup(member.getDeclaringClass());
		try {
			return new Accessor(lookup, unreflect(lookup, member), member instanceof Method);
		}
		catch (IllegalAccessException ex) {
			if (member instanceof Method method) {
				// A class of the JDK's own that is not public, such as that of List.of()
				Method accessible = ClassUtils.getPubliclyAccessibleMethodIfPossible(method, null);
				if (!accessible.equals(method)) {
					return new Accessor(lookup, lookup.unreflect(accessible), true);
				}
			}
			if (!((AccessibleObject) member).trySetAccessible()) {
				throw ex;
			}
			return new Accessor(lookup, unreflect(lookup, member), false);
		}
	}

	private static Lookup lookup(Class<?> owner) {
		try {
			return MethodHandles.privateLookupIn(owner, LOOKUP);
		}
		catch (IllegalAccessException ex) {
			return LOOKUP;
		}
	}

	private static MethodHandle unreflect(Lookup lookup, Member member) throws IllegalAccessException {
		return (member instanceof Method method) ? lookup.unreflect(method) : lookup.unreflectGetter((Field) member);
	}

	ToLongFunction<Object> toLong() {
		ToLongFunction<Object> function = function(ToLongFunction.class, "applyAsLong", long.class);
		if (function != null) {
			return function;
		}
		MethodHandle generic = generic(long.class);
		return (target) -> {
			try {
				return (long) generic.invokeExact(target);
			}
			catch (Throwable ex) {
				throw propagate(ex);
			}
		};
	}

	ToDoubleFunction<Object> toDouble() {
		ToDoubleFunction<Object> function = function(ToDoubleFunction.class, "applyAsDouble", double.class);
		if (function != null) {
			return function;
		}
		MethodHandle generic = generic(double.class);
		return (target) -> {
			try {
				return (double) generic.invokeExact(target);
			}
			catch (Throwable ex) {
				throw propagate(ex);
			}
		};
	}

	Predicate<Object> toBoolean() {
		Predicate<Object> function = function(Predicate.class, "test", boolean.class);
		if (function != null) {
			return function;
		}
		MethodHandle generic = generic(boolean.class);
		return (target) -> {
			try {
				return (boolean) generic.invokeExact(target);
			}
			catch (Throwable ex) {
				throw propagate(ex);
			}
		};
	}

	Function<Object, @Nullable Object> toObject() {
		Function<Object, @Nullable Object> function = function(Function.class, "apply", Object.class);
		if (function != null) {
			return function;
		}
		MethodHandle generic = generic(Object.class);
		return (target) -> {
			try {
				return (Object) generic.invokeExact(target);
			}
			catch (Throwable ex) {
				throw propagate(ex);
			}
		};
	}

	private MethodHandle generic(Class<?> result) {
		return this.handle.asType(MethodType.methodType(result, Object.class));
	}

	@SuppressWarnings("unchecked")
	private <F> @Nullable F function(Class<?> type, String name, Class<?> result) {
		if (!this.method || NativeDetector.inNativeImage()) {
			return null;
		}
		try {
			CallSite site = LambdaMetafactory.metafactory(this.lookup, name, MethodType.methodType(type),
					MethodType.methodType(result, Object.class), this.handle,
					MethodType.methodType(result, this.handle.type().parameterType(0)));
			return (F) site.getTarget().invoke();
		}
		catch (Throwable ex) {
			// A class loader that lets no classes be defined: the handle will do
			return null;
		}
	}

	private static RuntimeException propagate(Throwable ex) {
		if (ex instanceof Error error) {
			throw error;
		}
		return (ex instanceof RuntimeException exception) ? exception : new IllegalStateException(ex);
	}

}
