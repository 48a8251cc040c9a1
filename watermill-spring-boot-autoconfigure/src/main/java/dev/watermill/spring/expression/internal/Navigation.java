package dev.watermill.spring.expression.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import dev.watermill.spring.expression.internal.Operand.OfBoolean;
import dev.watermill.spring.expression.internal.Operand.OfDouble;
import dev.watermill.spring.expression.internal.Operand.OfLong;
import dev.watermill.spring.expression.internal.Operand.OfObject;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Compiles steps from an object to what belongs to it: fields and method calls.
 */
final class Navigation {

	private final Scope scope;

	Navigation(Scope scope) {
		this.scope = scope;
	}

	Operand property(Operand from, String name, boolean nullSafe, String text) {
		OfObject target = target(from, nullSafe);
		Class<?> type = target.type();
		if (type == Object.class || Map.class.isAssignableFrom(type)) {
			return untyped(target, UntypedMember.property(this.scope, name), nullSafe, text);
		}
		Member member = Members.property(type, name);
		if (member == null) {
			throw UnknownMember.property(this.scope, type, name);
		}
		return member(target, member, nullSafe, text);
	}

	Operand method(Operand from, String name, List<Operand> arguments, boolean nullSafe, String text) {
		OfObject target = target(from, nullSafe);
		if (name.equals("getClass")) {
			throw this.scope.refuse("getClass() is not available", "Call instance methods of the data only.");
		}
		if (arguments.isEmpty()) {
			return accessor(target, name, nullSafe, text);
		}
		ResolvableType result = ResolvableType.forClass(Object.class);
		if (target.type() != Object.class) {
			List<Method> methods = Members.methods(target.type(), name, arguments.size());
			if (methods.isEmpty()) {
				throw UnknownMember.method(this.scope, target.type(), name, arguments.size());
			}
			result = commonResult(target, methods);
		}
		MethodCall call = new MethodCall(this.scope, name, text);
		List<Function<Object, @Nullable Object>> functions = arguments.stream()
			.map((argument) -> argument.boxed().function())
			.toList();
		return new OfObject(text, OperandKind.normal(result), (element) -> {
			Object object = object(target, element, nullSafe);
			if (object == null) {
				return null;
			}
			@Nullable Object[] values = new Object[functions.size()];
			for (int i = 0; i < values.length; i++) {
				values[i] = functions.get(i).apply(element);
			}
			return call.invoke(object, values);
		});
	}

	private Operand accessor(OfObject target, String name, boolean nullSafe, String text) {
		if (target.type() == Object.class) {
			return untyped(target, UntypedMember.method(this.scope, name), nullSafe, text);
		}
		Method method = Members.accessor(target.type(), name);
		if (method == null) {
			throw UnknownMember.method(this.scope, target.type(), name, 0);
		}
		return member(target, method, nullSafe, text);
	}

	private ResolvableType commonResult(OfObject target, List<Method> methods) {
		Method first = methods.get(0);
		boolean same = methods.stream().allMatch((method) -> method.getReturnType() == first.getReturnType());
		return (same) ? within(target, first, first.getGenericReturnType()) : ResolvableType.forClass(Object.class);
	}

	private OfObject target(Operand from, boolean nullSafe) {
		OfObject target = from.boxed();
		if (nullSafe && target.type() == Optional.class) {
			return new OfObject(target.text(), target.generic().getGeneric(0), target.function());
		}
		// Whatever the declared width of a number, methods see a Long or a Double
		if (target.type() == Long.class || target.type() == Double.class) {
			Function<Object, @Nullable Object> number = target.function();
			return new OfObject(target.text(), target.generic(), (element) -> Values.widen(number.apply(element)));
		}
		return target;
	}

	private Operand untyped(OfObject target, UntypedMember member, boolean nullSafe, String text) {
		return new OfObject(text, ResolvableType.forClass(Object.class), (element) -> {
			Object object = object(target, element, nullSafe);
			return (object != null) ? member.apply(object) : null;
		});
	}

	private Operand member(OfObject target, Member member, boolean nullSafe, String text) {
		Type type = (member instanceof Method method) ? method.getGenericReturnType()
				: ((Field) member).getGenericType();
		ResolvableType result = within(target, member, type);
		Accessor accessor = accessor(member);
		Class<?> raw = result.resolve(Object.class);
		if (!raw.isPrimitive() || raw == char.class || nullSafe) {
			return object(target, accessor.toObject(), result, nullSafe, text);
		}
		if (raw == boolean.class) {
			Predicate<Object> read = accessor.toBoolean();
			return new OfBoolean(text, (target.isElement()) ? read : (element) -> read.test(object(target, element)));
		}
		if (raw == double.class || raw == float.class) {
			ToDoubleFunction<Object> read = accessor.toDouble();
			return new OfDouble(text,
					(target.isElement()) ? read : (element) -> read.applyAsDouble(object(target, element)));
		}
		ToLongFunction<Object> read = accessor.toLong();
		return new OfLong(text, (target.isElement()) ? read : (element) -> read.applyAsLong(object(target, element)),
				null);
	}

	private Operand object(OfObject target, Function<Object, @Nullable Object> accessor, ResolvableType result,
			boolean nullSafe, String text) {
		ResolvableType type = OperandKind.normal(result);
		Function<Object, @Nullable Object> read = (type.resolve() != Object.class) ? accessor
				: (object) -> Values.read(accessor.apply(object));
		if (target.isElement()) {
			return new OfObject(text, type, read);
		}
		return new OfObject(text, type, (element) -> {
			Object object = object(target, element, nullSafe);
			return (object != null) ? read.apply(object) : null;
		});
	}

	private Accessor accessor(Member member) {
		try {
			return Accessor.of(member);
		}
		catch (IllegalAccessException ex) {
			throw this.scope.refuse(
					"'" + member.getName() + "' of " + member.getDeclaringClass().getName() + " is not accessible",
					"Make it public, or open its package to WaterMill.");
		}
	}

	private Object object(OfObject target, Object element) {
		Object object = target.function().apply(element);
		if (object == null) {
			throw this.scope.isNull(target.text());
		}
		return object;
	}

	private @Nullable Object object(OfObject target, Object element, boolean nullSafe) {
		return (nullSafe) ? Values.unwrapOptional(target.function().apply(element)) : object(target, element);
	}

	private static ResolvableType within(OfObject target, Member member, Type type) {
		return ResolvableType.forType(type, target.generic().as(member.getDeclaringClass()));
	}

}
