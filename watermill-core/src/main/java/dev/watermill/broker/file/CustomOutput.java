package dev.watermill.broker.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import dev.watermill.codec.ElementEncoder;

/**
 * Lets an encoder of the user's own write each result.
 */
final class CustomOutput implements ElementOutput {

	private final ElementEncoder<Object> encoder;

	private final boolean lines;

	private final OutputStream out;

	@SuppressWarnings("unchecked")
	CustomOutput(ElementEncoder<?> encoder, boolean lines, OutputStream out) {
		this.encoder = (ElementEncoder<Object>) encoder;
		this.lines = lines;
		this.out = out;
	}

	@Override
	public Run begin(String before, String separator) {
		return new CustomRun(ascii(before), ascii(separator));
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private byte[] encode(Object result) throws Exception {
		byte[] bytes = this.encoder.encode(result);
		if (bytes.length == 0 || (this.lines && Newlines.next(bytes, 0, bytes.length) < bytes.length)) {
			throw new IllegalArgumentException(
					"The encoder returned " + ((bytes.length == 0) ? "nothing" : "a line break")
							+ ". Expected one JSON value" + (this.lines ? " in one line" : ""));
		}
		return bytes;
	}

	/**
	 * Results with what stands between them.
	 */
	private final class CustomRun implements Run {

		private byte[] before;

		private final byte[] separator;

		CustomRun(byte[] before, byte[] separator) {
			this.before = before;
			this.separator = separator;
		}

		@Override
		public void write(Object result) throws Exception {
			byte[] bytes = encode(result);
			CustomOutput.this.out.write(this.before);
			CustomOutput.this.out.write(bytes);
			this.before = this.separator;
		}

		@Override
		public void end(String behind) throws IOException {
			CustomOutput.this.out.write(ascii(behind));
		}

	}

}
