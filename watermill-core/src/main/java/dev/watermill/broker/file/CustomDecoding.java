package dev.watermill.broker.file;

import java.util.Arrays;

import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.InvalidElement;

/**
 * Hands the bytes of each element to a decoder of the user's own.
 */
final class CustomDecoding implements ElementDecoding {

	private final ElementDecoder<?> decoder;

	CustomDecoding(ElementDecoder<?> decoder) {
		this.decoder = decoder;
	}

	@Override
	public boolean isJson() {
		return false;
	}

	@Override
	public int lines(ReadBuffer buffer, Lines lines, int from, Object[] values) {
		for (int i = from; i < lines.size(); i++) {
			values[i] = one(buffer, lines.start(i), lines.end(i));
		}
		return lines.size();
	}

	@Override
	public void array(ReadBuffer buffer, int start, Elements elements, int maxSize) {
		// One after the other: only the format knows where each ends
	}

	@Override
	public Object one(ReadBuffer buffer, int start, int end) {
		byte[] bytes = buffer.copy(start, end);
		try {
			Object value = this.decoder.decode(Arrays.copyOf(bytes, bytes.length));
			return (value != null) ? value : new InvalidElement("The decoder found no element", bytes, null);
		}
		catch (Exception ex) {
			return new InvalidElement("The decoder said: " + ex, bytes, ex);
		}
	}

}
