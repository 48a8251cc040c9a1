package dev.watermill.broker.file;

import java.io.OutputStream;
import java.lang.reflect.Type;

import dev.watermill.codec.internal.OneLineJson;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SequenceWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets one Jackson generator write a run of results.
 */
final class JacksonOutput implements ElementOutput {

	private final ObjectWriter writer;

	private final boolean lines;

	private final OutputStream out;

	JacksonOutput(JsonMapper mapper, Type type, boolean lines, OutputStream out) {
		this.writer = OneLineJson.writer(mapper, type)
			.withRootValueSeparator("")
			.without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE, SerializationFeature.CLOSE_CLOSEABLE)
			.without(StreamWriteFeature.AUTO_CLOSE_TARGET)
			.without(StreamWriteFeature.AUTO_CLOSE_CONTENT);
		this.lines = lines;
		this.out = out;
	}

	@Override
	public Run begin(String before, String separator) {
		JsonGenerator generator = this.writer.createGenerator(this.out);
		return new JacksonRun(generator,
				this.writer.writeValues(this.lines ? new OneLineGenerator(generator) : generator),
				new SerializedString(before), new SerializedString(separator));
	}

	/**
	 * A generator at work. What separates results is written here, since Jackson counts
	 * none that writes itself raw.
	 */
	private static final class JacksonRun implements Run {

		private final JsonGenerator generator;

		private final SequenceWriter values;

		private final SerializedString separator;

		private SerializedString before;

		JacksonRun(JsonGenerator generator, SequenceWriter values, SerializedString before,
				SerializedString separator) {
			this.generator = generator;
			this.values = values;
			this.before = before;
			this.separator = separator;
		}

		@Override
		public void write(Object result) {
			this.generator.writeRaw(this.before);
			this.values.write(result);
			this.before = this.separator;
		}

		@Override
		public void end(String behind) {
			this.generator.writeRaw(behind);
			this.generator.close();
		}

	}

}
