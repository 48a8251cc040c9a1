package dev.watermill.broker.kafka;

import java.lang.reflect.Type;

import dev.watermill.broker.BrokerException;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.internal.JsonProblem;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Turns the values of records into elements by what a user gave.
 */
abstract class DecodedRecords extends RecordDecoding {

	/** The class of the elements as far as it is known. */
	private final Class<?> elementClass;

	DecodedRecords(Object identity, Type type) {
		super(identity);
		this.elementClass = (type instanceof Class<?> theClass) ? theClass : Object.class;
	}

	abstract @Nullable Object value(ConsumerRecord<byte[], byte[]> message, byte[] bytes) throws Exception;

	@Override
	final Object element(int index, ConsumerRecord<byte[], byte[]> message, byte[] bytes) {
		try {
			Object element = value(message, bytes);
			if (element == null) {
				return new InvalidElement("Expected an element, found null", bytes, null);
			}
			return this.elementClass
				.isInstance(element)
						? element
						: new InvalidElement(
								"Expected an element of " + this.elementClass.getName()
										+ ", the deserializer made one of " + element.getClass().getName(),
								bytes, null);
		}
		catch (BrokerException ex) {
			throw ex;
		}
		catch (Exception ex) {
			return new InvalidElement(problem(ex), bytes, ex);
		}
		catch (StackOverflowError ex) {
			return new InvalidElement("Nested deeper than the stack of its thread", bytes, ex);
		}
	}

	private static String problem(Exception ex) {
		if (ex instanceof JacksonException) {
			return JsonProblem.of(ex);
		}
		String text = (ex.getMessage() != null) ? ex.getMessage() : ex.toString();
		return (ex.getCause() instanceof JacksonException cause) ? text + ": " + JsonProblem.of(cause) : text;
	}

}
