/**
 * The text of files that people attach. What has a structure of its own (PDF, DOCX) is read by a
 * process of its own, with little memory and little time: a file that is broken or made to do harm
 * costs that process, never the server.
 */
@NullMarked
package io.yuntai.console.chat.files;

import org.jspecify.annotations.NullMarked;
