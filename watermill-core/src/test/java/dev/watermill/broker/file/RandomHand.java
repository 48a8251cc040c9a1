package dev.watermill.broker.file;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A hand that changes bytes at random: cuts, doubles, moves and joins them, and puts
 * among them what has been trouble before.
 */
public final class RandomHand {

	/**
	 * What is put among the bytes.
	 */
	private static final List<byte[]> CHUNKS = chunks();

	private final Random random;

	private final Supplier<byte[]> other;

	/**
	 * Create a hand.
	 * @param other makes bytes of the same kind
	 */
	public RandomHand(Random random, Supplier<byte[]> other) {
		this.random = random;
		this.other = other;
	}

	/**
	 * Make something else of bytes, which is nearly the same.
	 */
	public byte[] mutate(byte[] from) {
		int at = this.random.nextInt(from.length + 1);
		int end = Math.min(from.length, at + this.random.nextInt((this.random.nextInt(4) == 0) ? 60 : 6));
		ByteArrayOutputStream to = new ByteArrayOutputStream();
		to.write(from, 0, at);
		switch (this.random.nextInt(9)) {
			case 0 -> {
				// cut out
				to.write(from, end, from.length - end);
			}
			case 1 -> {
				// cut off
			}
			case 2 -> {
				// doubled
				to.write(from, at, end - at);
				to.write(from, at, from.length - at);
			}
			case 3 -> {
				// put elsewhere
				byte[] moved = Arrays.copyOfRange(from, at, end);
				byte[] rest = Arrays.copyOfRange(from, end, from.length);
				int there = this.random.nextInt(rest.length + 1);
				to.write(rest, 0, there);
				to.writeBytes(moved);
				to.write(rest, there, rest.length - there);
			}
			case 4 -> {
				// joined with itself, or with another one of its kind
				to.reset();
				to.writeBytes(from);
				to.writeBytes(this.random.nextBoolean() ? from : this.other.get());
			}
			case 5, 6 -> {
				// overwritten by any bytes
				for (int i = at; i < from.length; i++) {
					to.write((i < end) ? this.random.nextInt(256) : from[i]);
				}
			}
			case 7 -> {
				// a bit of it another one
				for (int i = at; i < from.length; i++) {
					to.write((i == at) ? from[i] ^ (1 << this.random.nextInt(8)) : from[i]);
				}
			}
			default -> {
				to.writeBytes(CHUNKS.get(this.random.nextInt(CHUNKS.size())));
				to.write(from, at, from.length - at);
			}
		}
		return to.toByteArray();
	}

	private static List<byte[]> chunks() {
		List<byte[]> chunks = new ArrayList<>();
		for (String text : List.of("{", "}", "[", "]", "\"", ",", ":", "\\", "\n", "\r\n", " ", "\u001e", "\0",
				"\0\0\0\0\0\0\0\0", "null", "{}", "[]", "{\"time\":1e999999999,\"v\":\"\"}\n", "{\"time\":\"1\"}",
				",{\"time\":-1,\"v\":\"d\"}", "\n{\"time\":9,\"v\":\"d\"}\n", "\\ud800", "\\u0000", "\\", "\ufeff",
				"{\"eos__\":true}\n", "[".repeat(600), "{\"a\":".repeat(600), "9".repeat(1100), "x".repeat(3000),
				"\"" + "n".repeat(2100) + "\":1,", "\"time\":1,", "\"v\":null,", ",\"@class\":\"java.lang.Runtime\"",
				"NaN", "1.5", "-", "true", "/* */", "#", "\u2028", "\ud83d\ude00")) {
			chunks.add(text.getBytes(StandardCharsets.UTF_8));
		}
		for (String hex : List.of("c0af", "e080af", "f08080af", "f4908080", "eda080", "ff", "fe", "80", "c3", "fffe",
				"feff", "1f8b08", "28b52ffd", "504b0304", "00000000017b", "0000feff")) {
			chunks.add(HexFormat.of().parseHex(hex));
		}
		chunks.add(TestFiles.gzip("{\"time\":1,\"v\":\"g\"}\n"));
		return chunks;
	}

}
