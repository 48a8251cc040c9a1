package dev.watermill.spring.processor.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;

import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.DeliveryFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls a processing function. Its arguments and the call are put together to one method
 * handle beforehand, so that a delivery costs no reflection.
 */
final class Invocation {

	private static final MethodType DELIVERY = MethodType.methodType(Object.class, Delivery.class);

	private static final MethodHandle READ = readHandle();

	private Invocation() {
	}

	private static MethodHandle readHandle() {
		try {
			return MethodHandles.lookup().findVirtual(ArgumentReader.class, "read", DELIVERY);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the function.
	 * @param bean the bean, or its proxy
	 * @param method a method that can be invoked on it
	 * @param values for each argument a bean or an {@link ArgumentReader}
	 * @return the function
	 * @throws IllegalAccessException if the method is out of reach
	 */
	static DeliveryFunction<?> of(Object bean, Method method, List<@Nullable Object> values)
			throws IllegalAccessException {
		MethodHandle handle = MethodHandles.privateLookupIn(method.getDeclaringClass(), MethodHandles.lookup())
			.unreflect(method)
			.asFixedArity()
			.bindTo(bean);
		MethodHandle generic = handle.asType(MethodType.genericMethodType(values.size()));
		int readers = 0;
		for (int i = values.size() - 1; i >= 0; i--) {
			Object value = values.get(i);
			if (value instanceof ArgumentReader reader) {
				generic = MethodHandles.collectArguments(generic, i, READ.bindTo(reader));
				readers++;
			}
			else {
				generic = MethodHandles.insertArguments(generic, i, value);
			}
		}
		// one delivery for all of them
		return function(MethodHandles.permuteArguments(generic, DELIVERY, new int[readers]));
	}

	private static DeliveryFunction<?> function(MethodHandle handle) {
		return (delivery) -> {
			try {
				return (Object) handle.invokeExact(delivery);
			}
			catch (Exception | Error ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new UndeclaredThrowableException(ex);
			}
		};
	}

}
