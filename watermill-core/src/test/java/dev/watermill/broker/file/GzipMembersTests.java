package dev.watermill.broker.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GzipMembers}.
 */
class GzipMembersTests {

	private static byte[] read(byte[] bytes) throws IOException {
		try (GzipMembers members = new GzipMembers(new ByteArrayInputStream(bytes))) {
			return members.readAllBytes();
		}
	}

	private static byte[] concat(byte[]... parts) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			all.writeBytes(part);
		}
		return all.toByteArray();
	}

	@Test
	void readsMembersAsOne() throws IOException {
		byte[] bytes = concat(TestFiles.gzip("one "), TestFiles.gzip(""), TestFiles.gzip("two".repeat(100_000)));
		assertThat(read(bytes)).asString().isEqualTo("one " + "two".repeat(100_000));
	}

	@Test
	void passesOverZerosBehindAMember() throws IOException {
		byte[] zeros = new byte[100_000];
		assertThat(read(concat(TestFiles.gzip("one"), zeros))).asString().isEqualTo("one");
		assertThat(read(concat(TestFiles.gzip("one "), zeros, TestFiles.gzip("two"), new byte[1]))).asString()
			.isEqualTo("one two");
		assertThatExceptionOfType(ZipException.class)
			.isThrownBy(() -> read(concat(TestFiles.gzip("one"), zeros, new byte[] { 1, 2 })));
		assertThatExceptionOfType(WrongFormatException.class).isThrownBy(() -> read(zeros))
			.withMessage("it is not in gzip format, of which .gz at the end of its name tells");
	}

	@Test
	void readsOptionalFields() throws IOException {
		byte[] plain = TestFiles.gzip("text");
		byte[] header = Arrays.copyOf(plain, 10);
		header[3] = 2 | 4 | 8 | 16;
		byte[] fields = { 3, 0, 'a', 0, 'b', 'n', 0, 'c', 0, 1, 2 };
		assertThat(read(concat(header, fields, Arrays.copyOfRange(plain, 10, plain.length)))).asString()
			.isEqualTo("text");
	}

	@Test
	void tellsEveryCut() {
		byte[] second = TestFiles.gzip("two");
		byte[] bytes = concat(TestFiles.gzip("one"), second);
		for (int cut = 1; cut < second.length; cut++) {
			byte[] rest = Arrays.copyOf(bytes, bytes.length - cut);
			assertThatExceptionOfType(EOFException.class).isThrownBy(() -> read(rest));
		}
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> read(new byte[0]));
	}

	@Test
	void tellsDamage() {
		byte[] bytes = TestFiles.gzip("text");
		int trailer = bytes.length - 8;
		for (int i : new int[] { 0, 1, 2, 12, trailer, trailer + 3, trailer + 4, trailer + 7 }) {
			byte[] damaged = bytes.clone();
			damaged[i] ^= 0x10;
			assertThatExceptionOfType(IOException.class).as("at %d", i).isThrownBy(() -> read(damaged));
		}
		assertThatExceptionOfType(ZipException.class)
			.isThrownBy(() -> read(concat(bytes, "text".getBytes(StandardCharsets.US_ASCII))));
	}

}
