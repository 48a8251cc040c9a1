package dev.watermill.spring.expression.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Finds the members of a type that an expression may read. Accessors may have any
 * visibility but private, fields have to be public; static members, those of
 * {@code Object} and whatever gives or belongs to a {@code Class} are out of reach.
 */
final class Members {

	private static final Set<Class<?>> CODE = Set.of(Class.class, Module.class, ModuleLayer.class, Package.class,
			ProtectionDomain.class, Process.class, Runtime.class);

	private Members() {
	}

	/**
	 * Find what reads a property: a record component, a getter, a method of that name, or
	 * a public field.
	 * @param type the type to search
	 * @param name the name of the property
	 * @return a method without parameters or a field
	 */
	static @Nullable Member property(Class<?> type, String name) {
		if (type.isRecord()) {
			for (RecordComponent component : type.getRecordComponents()) {
				if (component.getName().equals(name)) {
					return accessor(type, name);
				}
			}
		}
		String capitalized = StringUtils.capitalize(name);
		return Stream.of("get" + capitalized, "get" + name, "is" + capitalized, name)
			.map((accessor) -> accessor(type, accessor))
			.filter((accessor) -> accessor != null && (!accessor.getName().startsWith("is")
					|| accessor.getName().equals(name) || isBoolean(accessor.getReturnType())))
			.map(Member.class::cast)
			.findFirst()
			.orElseGet(() -> field(type, name));
	}

	/**
	 * Find a method without parameters.
	 * @param type the type to search
	 * @param name the name of the method
	 * @return the method
	 */
	static @Nullable Method accessor(Class<?> type, String name) {
		try {
			Method method = type.getMethod(name);
			return (isReadable(method)) ? method : null;
		}
		catch (NoSuchMethodException ex) {
			return hiddenAccessor(type, name);
		}
	}

	private static @Nullable Method hiddenAccessor(Class<?> type, String name) {
		for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
			try {
				Method method = owner.getDeclaredMethod(name);
				return (!Modifier.isPrivate(method.getModifiers()) && isReadable(method)) ? method : null;
			}
			catch (NoSuchMethodException ex) {
				// Maybe it is declared further up
			}
		}
		return null;
	}

	/**
	 * Find the methods that a call with arguments may mean.
	 * @param type the type to search
	 * @param name the name of the method
	 * @param arguments the number of arguments
	 * @return the public methods
	 */
	static List<Method> methods(Class<?> type, String name, int arguments) {
		return Arrays.stream(type.getMethods())
			.filter((method) -> method.getName().equals(name) && isReadable(method))
			.filter((method) -> method.getParameterCount() == arguments
					|| (method.isVarArgs() && method.getParameterCount() <= arguments + 1))
			.toList();
	}

	private static @Nullable Field field(Class<?> type, String name) {
		try {
			Field field = type.getField(name);
			return (isReadable(field, field.getType())) ? field : null;
		}
		catch (NoSuchFieldException ex) {
			return null;
		}
	}

	private static boolean isReadable(Method method) {
		return isReadable(method, method.getReturnType()) && method.getReturnType() != void.class;
	}

	private static boolean isReadable(Member member, Class<?> type) {
		return !Modifier.isStatic(member.getModifiers()) && member.getDeclaringClass() != Object.class
				&& !isOutOfReach(type) && !isOutOfReach(member.getDeclaringClass());
	}

	/**
	 * Whether a type leads to code: classes, what loads them, and what is reflected of
	 * them.
	 * @param type a type
	 * @return {@code false} for data
	 */
	static boolean isOutOfReach(Class<?> type) {
		Class<?> item = type;
		while (item.isArray()) {
			item = item.getComponentType();
		}
		return CODE.contains(item) || ClassLoader.class.isAssignableFrom(item) || Thread.class.isAssignableFrom(item)
				|| item.getPackageName().equals("java.lang.reflect")
				|| item.getPackageName().equals("java.lang.invoke");
	}

	private static boolean isBoolean(Class<?> type) {
		return type == boolean.class || type == Boolean.class;
	}

	/**
	 * List the properties of a type, for messages.
	 * @param type the type to search
	 * @return the names, in their order if there is one
	 */
	static List<String> propertyNames(Class<?> type) {
		if (type.isRecord()) {
			return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
		}
		Set<String> names = new TreeSet<>();
		for (Class<?> owner = type; owner != null && owner != Object.class; owner = owner.getSuperclass()) {
			Stream.of(owner.getDeclaredMethods()).forEach((method) -> addName(names, method, type.isInterface()));
		}
		Stream.of(type.getMethods()).forEach((method) -> addName(names, method, type.isInterface()));
		Stream.of(type.getFields())
			.filter((field) -> isReadable(field, field.getType()))
			.forEach((field) -> names.add(field.getName()));
		return List.copyOf(names);
	}

	private static void addName(Set<String> names, Method method, boolean plain) {
		if (method.getParameterCount() > 0 || method.isSynthetic() || Modifier.isPrivate(method.getModifiers())
				|| !isReadable(method)) {
			return;
		}
		String name = method.getName();
		if (name.startsWith("get") && name.length() > 3) {
			names.add(StringUtils.uncapitalizeAsProperty(name.substring(3)));
		}
		else if (name.startsWith("is") && name.length() > 2 && isBoolean(method.getReturnType())) {
			names.add(StringUtils.uncapitalizeAsProperty(name.substring(2)));
		}
		else if (plain) {
			names.add(name);
		}
	}

}
