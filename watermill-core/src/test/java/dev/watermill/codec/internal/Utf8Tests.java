package dev.watermill.codec.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Utf8}.
 */
class Utf8Tests {

	/** Where characters of some length begin and end, and bytes that are none. */
	private static final String[] PARTS = { "61", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf",
			"f0908080", "f48fbfbf", "c0", "c1bf", "e08080", "eda080", "f0808080", "f4908080", "f5", "ff", "80", "bf",
			"c3", "e282", "f09f98" };

	@Test
	void agreesWithTheDecoderOfJava() {
		long seed = 11;
		Random random = new Random(seed);
		for (int run = 0; run < 20_000; run++) {
			byte[] bytes = new byte[64];
			int length = 0;
			for (int parts = random.nextInt(14); parts > 0; parts--) {
				byte[] part = HexFormat.of().parseHex(PARTS[random.nextInt((run % 2 == 0) ? 10 : PARTS.length)]);
				System.arraycopy(part, 0, bytes, length, part.length);
				length += part.length;
			}
			int expected = firstMalformed(bytes, length);
			assertThat(Utf8.firstInvalid(bytes, 0, length)).as("seed %d: %s", seed, HexFormat.of().formatHex(bytes))
				.isEqualTo(expected);
		}
	}

	@Test
	void seesAnyByteThatIsNotAscii() {
		for (int length = 0; length <= 100; length++) {
			byte[] bytes = new byte[128];
			Arrays.fill(bytes, 0, length, (byte) 0x7f);
			Arrays.fill(bytes, length, bytes.length, (byte) 0xc3);
			assertThat(Utf8.isAscii(bytes, length)).as("%d bytes", length).isTrue();
			for (int at = 0; at < length; at++) {
				bytes[at] = (byte) 0x80;
				assertThat(Utf8.isAscii(bytes, length)).as("byte %d of %d", at, length).isFalse();
				bytes[at] = 0;
			}
		}
	}

	private static int firstMalformed(byte[] bytes, int length) {
		for (int end = 0; end <= length; end++) {
			if (isDecoded(Arrays.copyOf(bytes, end))) {
				continue;
			}
			// perhaps it only ends within a character
			boolean more = false;
			for (int further = end + 1; further <= Math.min(length, end + 3) && !more; further++) {
				more = isDecoded(Arrays.copyOf(bytes, further));
			}
			if (!more) {
				int begin = end - 1;
				while (!isDecoded(Arrays.copyOf(bytes, begin))) {
					begin--;
				}
				return begin;
			}
		}
		return -1;
	}

	private static boolean isDecoded(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	@ParameterizedTest
	@CsvSource({ "c0af, a character in more bytes than it takes", "e080af, a character in more bytes than it takes",
			"f08080af, a character in more bytes than it takes", "f4908080, which is no character",
			"eda080, which is no character", "ff, which is no character" })
	void saysWhatIsWrong(String hex, String problem) {
		byte[] bytes = HexFormat.of().parseHex("61" + hex + "61");
		String spaced = HexFormat.ofDelimiter(" ").formatHex(HexFormat.of().parseHex(hex));
		assertThat(Utf8.problem(bytes, 1, bytes.length)).isEqualTo("Not UTF-8: found " + spaced + ", " + problem);
	}

}
