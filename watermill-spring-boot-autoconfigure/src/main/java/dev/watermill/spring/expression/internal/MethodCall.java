package dev.watermill.spring.expression.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.watermill.key.InvalidKeyException;
import dev.watermill.key.internal.KeyWords;
import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.TypeDescriptor;
import org.springframework.expression.AccessException;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.MethodExecutor;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.spel.support.DataBindingMethodResolver;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * Calls an instance method with arguments. SpEL chooses among overloaded methods and
 * converts the arguments.
 */
final class MethodCall {

	private static final EvaluationContext CONTEXT = SimpleEvaluationContext.forReadOnlyDataBinding().build();

	private static final MethodResolver RESOLVER = DataBindingMethodResolver.forInstanceMethodInvocation();

	private final Scope scope;

	private final String name;

	private final String text;

	private final Map<List<@Nullable Class<?>>, MethodExecutor> executors = new ConcurrentHashMap<>();

	MethodCall(Scope scope, String name, String text) {
		this.scope = scope;
		this.name = name;
		this.text = text;
	}

	@Nullable Object invoke(Object target, @Nullable Object[] arguments) {
		@Nullable Object[] narrow = new Object[arguments.length];
		for (int i = 0; i < arguments.length; i++) {
			narrow[i] = narrow(arguments[i]);
		}
		try {
			return Values.read(executor(target, narrow).execute(CONTEXT, target, narrow).getValue());
		}
		catch (AccessException | EvaluationException ex) {
			throw failed(rootCause(ex));
		}
	}

	/**
	 * Most methods have parameters of 32 bits, to which SpEL would not prefer a
	 * {@code Long}; one that wants 64 bits gets it by conversion.
	 */
	private static @Nullable Object narrow(@Nullable Object argument) {
		Object wide = Values.widen(argument);
		return (wide instanceof Long number && number == number.intValue()) ? (Object) number.intValue() : wide;
	}

	private MethodExecutor executor(Object target, @Nullable Object[] arguments) throws AccessException {
		List<@Nullable Class<?>> types = new ArrayList<>(arguments.length + 1);
		types.add(target.getClass());
		for (Object argument : arguments) {
			types.add((argument != null) ? argument.getClass() : null);
		}
		MethodExecutor executor = this.executors.get(types);
		if (executor == null) {
			executor = resolve(target, arguments);
			this.executors.put(types, executor);
		}
		return executor;
	}

	// For SpEL, an argument without a type is null
	@SuppressWarnings("NullAway")
	private MethodExecutor resolve(Object target, @Nullable Object[] arguments) throws AccessException {
		// A method of that name may be static or give a Class, which are out of reach
		boolean known = !Members.methods(target.getClass(), this.name, arguments.length).isEmpty();
		List<TypeDescriptor> types = Arrays.stream(arguments).map(TypeDescriptor::forObject).toList();
		MethodExecutor executor = (known) ? RESOLVER.resolve(CONTEXT, target, this.name, types) : null;
		if (executor == null) {
			throw this.scope.invalid(KeyWords.withArticle(target.getClass().getSimpleName()) + " has no method '"
					+ this.name + "' for the arguments of '" + this.text + "'");
		}
		return executor;
	}

	private static Throwable rootCause(Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return cause;
	}

	private InvalidKeyException failed(Throwable cause) {
		InvalidKeyException failure = this.scope.invalid("'" + this.text + "' failed with " + cause);
		failure.initCause(cause);
		return failure;
	}

}
