package dev.watermill.broker.file;

import java.io.OutputStream;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets one Jackson generator write a run of results.
 */
final class JacksonOutput implements ElementOutput {

	private final ObjectWriter writer;

	private final OutputStream out;

	JacksonOutput(JsonMapper mapper, Type type, OutputStream out) {
		ObjectWriter plain = mapper.writer()
			.with((PrettyPrinter) null)
			.without(SerializationFeature.INDENT_OUTPUT, SerializationFeature.FLUSH_AFTER_WRITE_VALUE,
					SerializationFeature.CLOSE_CLOSEABLE)
			.without(StreamWriteFeature.AUTO_CLOSE_TARGET)
			.without(StreamWriteFeature.AUTO_CLOSE_CONTENT);
		// Other classes tell less than the results themselves
		boolean precise = !(type instanceof Class<?> theClass) || Modifier.isFinal(theClass.getModifiers());
		this.writer = precise ? plain.forType(mapper.constructType(type)) : plain;
		this.out = out;
	}

	@Override
	public Run begin(String before, String separator) {
		ObjectWriter separating = this.writer.withRootValueSeparator(separator);
		JsonGenerator generator = separating.createGenerator(this.out);
		generator.writeRaw(before);
		return new JacksonRun(generator, separating.writeValues(generator));
	}

	/**
	 * A generator at work.
	 */
	private record JacksonRun(JsonGenerator generator, SequenceWriter values) implements Run {

		@Override
		public void write(Object result) {
			this.values.write(result);
		}

		@Override
		public void end(String behind) {
			this.generator.writeRaw(behind);
			this.generator.close();
		}

	}

}
