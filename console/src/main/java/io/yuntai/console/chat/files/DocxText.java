package io.yuntai.console.chat.files;

import io.yuntai.console.chat.files.FileText.Read;
import io.yuntai.console.chat.files.FileText.RefusedFileException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The text of a document of Office Open XML (ECMA-376): the runs of its paragraphs, cells of tables
 * parted by tabs. Entities and other documents are not looked at.
 */
final class DocxText {
  private static final String BODY = "word/document.xml";

  /** A document's XML may be packed very tightly. */
  private static final long MAX_XML_BYTES = 64L << 20;

  private DocxText() {}

  static Read read(Path file) throws IOException, RefusedFileException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry body = zip.getEntry(BODY);
      if (body == null) {
        throw new RefusedFileException("file_damaged");
      }
      try (InputStream in = new Bounded(zip.getInputStream(body))) {
        String text = text(in);
        if (text.isBlank()) {
          throw new RefusedFileException("file_no_text");
        }
        return new Read(0, text);
      }
    } catch (XMLStreamException _) {
      throw new RefusedFileException("file_damaged");
    }
  }

  private static String text(InputStream in) throws XMLStreamException, RefusedFileException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader reader = factory.createXMLStreamReader(in);
    StringBuilder text = new StringBuilder();
    int cells = 0;
    boolean inText = false;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          String name = reader.getLocalName();
          inText = name.equals("t");
          switch (name) {
            case "tab" -> text.append('\t');
            case "br", "cr" -> text.append('\n');
            case "tc" -> cells++;
            default -> {}
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          inText = false;
          switch (reader.getLocalName()) {
            case "p" -> text.append(cells > 0 ? ' ' : '\n');
            case "tc" -> {
              cells--;
              text.append('\t');
            }
            case "tr" -> text.append('\n');
            default -> {}
          }
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (inText) {
            text.append(reader.getText());
          }
        }
        default -> {}
      }
      if (text.length() > FileText.MAX_CHARS) {
        throw new RefusedFileException("file_too_long");
      }
    }
    return text.toString();
  }

  /** What unpacks to more than any document is broken off. */
  private static final class Bounded extends FilterInputStream {
    private long left = MAX_XML_BYTES;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int size = super.read(bytes, from, length);
      count(Math.max(0, size));
      return size;
    }

    private void count(int size) throws IOException {
      left -= size;
      if (left < 0) {
        throw new IOException("the document unpacks to too much");
      }
    }
  }
}
