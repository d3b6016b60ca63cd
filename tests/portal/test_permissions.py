"""The access of every kind of user to every address, in one table that is compared as a whole."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from evaluation.answers.evidence.removal import RemovedEvidence
from evaluation.answers.evidence.uploads import begin_upload
from evaluation.answers.submission import store_submission
from evaluation.answers.workbook.reading import read_workbook
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.answers.workbook.writing import write_workbook
from evaluation.discussions.discussions import add_comment
from evaluation.figures.intake.confirmation import recheck
from evaluation.models import (
    Audience,
    Consultation,
    ConsultationText,
    DeskQuestion,
    DiscussionComment,
    Evaluation,
    Exchange,
    Fulfilment,
    GoodPractice,
    Hotline,
    Membership,
    NetworkYear,
    Recommendation,
    RecordedFile,
    RemarkProof,
    Role,
    SheetRow,
    StatisticsImport,
    Submission,
    SuggestedDates,
    SystemKey,
    UnresolvedText,
    User,
    Visit,
    VisitSheet,
    Withdrawal,
)
from evaluation.recommendations.uploads import begin_proof
from evaluation.visits.files import begin_file
from evaluation.visits.sheets.templates import SheetTemplate
from evaluation.visits.subscriptions import make_subscription
from evaluation.workflow.log import write_step
from portal.accounts.invitations import token_of
from portal.letters.models import Letter
from portal.requests import errors
from portal.requests.waiting_files import store_waiting
from tests.bystander import new
from tests.factories import (
    SIGNED,
    SUBSTANCE,
    ConsultationFactory,
    ExchangeFactory,
    FulfilmentFactory,
    RequirementFactory,
    StakeFactory,
    WithdrawalFactory,
    consulted_text,
    person,
    practice_of,
)
from tests.stage import Participants, Stage
from tests.uploads import picture

pytestmark = pytest.mark.django_db

ROLES = (
    *("nobody", "no_role", "contributor", "coordinator", "other", "assessor", "elsewhere"),
    *("lead", "tied_lead", "mce", "editor", "panel", "neighbour", "judge"),
)
"""`other` coordinates another hotline, `tied_lead` leads the visit and declared a stake, `neighbour` sits on the panel
and comes from the hotline's country, `judge` sits on the panel and sat on the team."""

TABLE = """
self_assessment GET  workspace:home                        | 302 200 302 302 302 200 200 200 200 200 302 200 200 200
self_assessment GET  workspace:evaluation                  | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
desk_review     GET  workspace:submissions                 | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
desk_review     GET  workspace:submission_file             | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
desk_review     GET  workspace:answers_pdf                 | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
desk_review     GET  workspace:answers_file                | 302 404 302 302 404 404 404 404 404 302 404 404 404 404
decision        GET  workspace:answers_pdf                 | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:submissions                 | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:submission_file             | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
self_assessment GET  workspace:declaration                 | 302 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:declaration                 | 403 404 403 422 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:move excuse                 | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
self_assessment GET  workspace:extend                      | 302 404 403 403 404 404 404 404 404 200 404 404 404 404
self_assessment POST workspace:extend                      | 403 404 403 403 404 404 404 404 404 422 404 404 404 404
self_assessment GET  workspace:shorten                     | 302 404 403 403 404 404 404 404 404 302 404 404 404 404
self_assessment POST workspace:shorten                     | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
self_assessment GET  workspace:extend_several              | 302 404 404 404 404 403 403 403 403 200 404 403 403 403
self_assessment POST workspace:extend_several              | 403 404 404 404 404 403 403 403 403 422 404 403 403 403
self_assessment GET  workspace:write_to                    | 302 404 404 404 404 403 403 403 403 200 404 403 403 403
self_assessment POST workspace:write_to                    | 403 404 404 404 404 403 403 403 403 422 404 403 403 403
self_assessment GET  workspace:traits                      | 302 404 403 403 404 404 404 404 404 302 404 404 404 404
self_assessment POST workspace:traits                      | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
self_assessment GET  workspace:answers                     | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment GET  workspace:carried                     | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment POST workspace:answers                     | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:versions                    | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment GET  workspace:unresolved                  | 302 404 404 302 404 404 404 404 404 404 404 404 404 404
self_assessment POST workspace:restore_version             | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:assign_standard             | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:assign_indicator            | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:take_over                   | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:give_back                   | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:indicators                  | 302 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:assign_standards            | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:present                     | 302 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:present                     | 403 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:discussion                  | 302 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:discussion                  | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:edit_discussion_comment     | 403 404 404 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:delete_discussion_comment   | 403 404 404 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:resolve_discussion          | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:reopen_discussion           | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:read_discussion             | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
study_visit     GET  workspace:discussion                  | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
study_visit     POST workspace:discussion                  | 403 404 302 302 404 302 404 302 404 302 404 404 404 302
self_assessment POST workspace:use_text                    | 403 404 404 302 404 404 404 404 404 404 404 404 404 404
self_assessment POST workspace:discard_text                | 403 404 404 302 404 404 404 404 404 404 404 404 404 404
self_assessment GET  workspace:session                     | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
self_assessment POST workspace:save_answer                 | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:add_evidence                | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:remove_evidence             | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:use_evidence                | 302 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:use_evidence                | 403 404 422 422 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:evidence                    | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment GET  workspace:evidence_archive            | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment POST workspace:begin_upload                | 403 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:receive_part                | 403 404 404 409 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:restore_evidence            | 403 404 422 302 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:evidence_item               | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment POST workspace:evidence_item               | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:document                    | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment GET  workspace:workbook                    | 302 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:workbook                    | 403 404 422 422 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:workbook_file               | 302 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:workbook_changes            | 302 404 200 200 404 404 404 404 404 403 404 404 404 404
self_assessment POST workspace:workbook_changes            | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:visit                       | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment GET  workspace:findings                | 302 404 403 403 404 404 404 404 404 403 404 404 404 404
self_assessment GET  workspace:scorecard                   | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment GET  workspace:why                         | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment GET  workspace:what_if                     | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
self_assessment GET  workspace:correct_round               | 302 404 404 404 404 403 403 403 403 200 404 403 403 403
self_assessment GET  workspace:edit_round                  | 302 404 404 404 404 403 403 403 403 302 404 403 403 403
self_assessment POST workspace:save_deadline               | 403 404 404 404 404 403 403 403 403 422 404 403 403 403
self_assessment POST workspace:add_to_round                | 403 404 404 404 404 403 403 403 403 422 404 403 403 403
self_assessment POST workspace:remove_from_round           | 403 404 404 404 404 403 403 403 403 422 404 403 403 403
self_assessment POST workspace:write_to_the_late           | 403 404 404 404 404 403 403 403 403 422 404 403 403 403
self_assessment POST workspace:discard_round               | 403 404 404 404 404 403 403 403 403 302 404 403 403 403
study_visit     GET  workspace:desk_review                 | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
study_visit     GET  workspace:desk_standard               | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
study_visit     POST workspace:desk_standard               | 403 404 403 403 404 423 404 423 404 403 404 404 404 423
study_visit     POST workspace:send_questions              | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     GET  workspace:questions                   | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
study_visit     GET  workspace:question                    | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
study_visit     POST workspace:question                    | 403 404 422 422 404 403 404 403 404 403 404 404 404 403
study_visit     GET  workspace:desk_document               | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
study_visit     POST workspace:remove_desk_proof           | 403 404 302 302 404 403 404 403 404 403 404 404 404 403
decision        GET  workspace:questions                   | 302 404 200 200 404 200 404 200 404 200 404 403 404 200
desk_review     GET  workspace:round_teams                 | 302 404 404 404 404 403 403 403 403 200 404 403 403 403
desk_review     POST workspace:round_teams                 | 403 404 404 404 404 403 403 403 403 422 404 403 403 403
desk_review     GET  workspace:change_round_team           | 302 404 404 404 404 403 403 403 403 200 404 403 403 403
desk_review     GET  workspace:own_assessor_profile        | 302 403 403 403 403 200 200 200 200 302 403 403 403 200
desk_review     POST workspace:own_assessor_profile        | 403 403 403 403 403 422 422 422 422 302 403 403 403 422
desk_review     GET  workspace:calendar                    | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
desk_review     POST workspace:calendar                    | 403 200 200 200 200 200 200 200 200 200 200 200 200 200
desk_review     GET  workspace:subscribed_calendar         | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
desk_review     GET  workspace:assessor_profile            | 302 404 404 404 404 200 404 404 404 200 404 404 404 404
desk_review     POST workspace:assessor_profile            | 403 404 404 404 404 422 404 404 404 422 404 404 404 404
desk_review     GET  workspace:send_back                   | 302 404 403 403 404 404 404 404 404 200 404 404 404 404
desk_review     POST workspace:send_back                   | 403 404 403 403 404 404 404 404 404 422 404 404 404 404
desk_review     POST workspace:move send_back              | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
desk_review     POST workspace:move accept                 | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
desk_review     POST workspace:count_corrections           | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
desk_review     POST workspace:save_answer                 | 403 404 423 423 404 404 404 404 404 403 404 404 404 404
desk_review     GET  workspace:workbook_file               | 302 404 302 302 404 404 404 404 404 403 404 404 404 404
desk_review     POST workspace:workbook                    | 403 404 423 423 404 404 404 404 404 403 404 404 404 404
desk_review     POST workspace:workbook_changes            | 403 404 423 423 404 404 404 404 404 403 404 404 404 404
desk_review     GET  workspace:arrange_visit               | 302 404 403 403 404 404 404 404 404 200 404 404 404 404
desk_review     POST workspace:arrange_visit               | 403 404 403 403 404 404 404 404 404 422 404 404 404 404
study_visit     GET  workspace:suggest_dates               | 302 404 403 200 404 200 404 200 404 200 404 404 404 200
study_visit     POST workspace:suggest_dates               | 403 404 403 302 404 302 404 302 404 302 404 404 404 302
study_visit     POST workspace:accept_dates                | 403 404 403 302 404 302 404 302 404 302 404 404 404 302
study_visit     POST workspace:take_back_dates             | 403 404 403 302 404 302 404 302 404 302 404 404 404 302
study_visit     GET  workspace:visit_calendar              | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
study_visit     GET  workspace:change_team                 | 302 404 403 403 404 403 404 403 404 200 404 404 404 403
study_visit     POST workspace:change_team                 | 403 404 403 403 404 403 404 403 404 422 404 404 404 403
study_visit     GET  workspace:move_dates                  | 302 404 403 403 404 403 404 403 404 200 404 404 404 403
study_visit     POST workspace:move_dates                  | 403 404 403 403 404 403 404 403 404 422 404 404 404 403
study_visit     GET  workspace:declare_interests           | 302 404 403 403 404 200 404 200 404 403 404 404 404 200
study_visit     POST workspace:declare_interests           | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     POST workspace:move_visit put_off          | 403 404 403 302 404 403 404 302 404 302 404 404 404 403
study_visit     POST workspace:move_visit cancel           | 403 404 403 403 404 403 404 403 404 302 404 404 404 403
study_visit     POST workspace:move begin_report           | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
study_visit     GET  workspace:visit                       | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
study_visit     GET  workspace:agenda                      | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
study_visit     POST workspace:agenda                      | 403 404 403 403 404 302 404 302 404 302 404 404 404 302
report          GET  workspace:agenda                      | 302 404 403 403 404 302 404 302 404 302 404 404 404 302
study_visit     POST workspace:move_visit sign_off         | 403 404 403 403 404 403 404 302 404 403 404 404 404 403
study_visit     GET  workspace:findings                    | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
study_visit     POST workspace:findings                    | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     POST workspace:save_finding                | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     GET  workspace:observations                | 302 404 403 403 404 200 404 200 404 403 404 404 404 200
study_visit     POST workspace:observations                | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     POST workspace:save_observation            | 403 404 403 403 404 423 404 423 404 403 404 404 404 423
study_visit     GET  workspace:sheet                       | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
study_visit     GET  workspace:add_sheet_row               | 302 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     POST workspace:add_sheet_row               | 403 404 403 403 404 423 404 423 404 403 404 404 404 423
study_visit     GET  workspace:sheet_row                   | 302 404 403 403 404 302 404 404 404 403 404 404 404 404
study_visit     POST workspace:sheet_row                   | 403 404 403 403 404 423 404 404 404 403 404 404 404 404
study_visit     POST workspace:remove_sheet_row            | 403 404 403 403 404 302 404 404 404 403 404 404 404 404
study_visit     POST workspace:restore_sheet_row           | 403 404 403 403 404 302 404 404 404 403 404 404 404 404
study_visit     GET  workspace:visit_checklist             | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
study_visit     GET  workspace:visit_workbook              | 302 404 403 403 404 200 404 200 404 403 404 404 404 200
study_visit     POST workspace:visit_workbook              | 403 404 403 403 404 423 404 423 404 403 404 404 404 423
study_visit     GET  workspace:visit_workbook_file         | 302 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     GET  workspace:visit_workbook_changes      | 302 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     POST workspace:visit_workbook_changes      | 403 404 403 403 404 423 404 423 404 403 404 404 404 423
study_visit     POST workspace:finish_recording            | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     POST workspace:go_on_recording             | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     GET  workspace:recording                   | 302 404 403 403 404 200 404 200 404 403 404 404 404 200
study_visit     GET  workspace:recording_shell             | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
study_visit     GET  workspace:recording_worker            | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
study_visit     GET  workspace:visit_pages_worker          | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
study_visit     GET  workspace:recording_manifest          | 302 404 403 403 404 200 404 200 404 403 404 404 404 200
study_visit     GET  workspace:recording_material          | 302 404 403 403 404 200 404 200 404 403 404 404 404 200
study_visit     POST workspace:receive_observations        | 403 404 403 403 404 400 404 400 404 403 404 404 404 400
study_visit     POST workspace:take_late_rows              | 403 404 403 403 404 403 404 302 404 403 404 404 404 403
study_visit     POST workspace:leave_out_late_rows         | 403 404 403 403 404 403 404 302 404 403 404 404 404 403
study_visit     POST workspace:take_back_late              | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     POST workspace:receive_rows                | 403 404 403 403 404 400 404 400 404 403 404 404 404 400
study_visit     GET  workspace:recorded_file               | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
decision        GET  workspace:recorded_file               | 302 404 403 403 404 200 404 200 404 200 404 403 404 200
study_visit     POST workspace:add_recorded_file           | 403 404 403 403 404 422 404 422 404 403 404 404 404 422
study_visit     POST workspace:remove_recorded_file        | 403 404 403 403 404 302 404 302 404 403 404 404 404 302
study_visit     POST workspace:begin_recorded_file         | 403 404 403 403 404 200 404 200 404 403 404 404 404 200
study_visit     POST workspace:receive_recorded_part       | 403 404 403 403 404 404 404 409 404 403 404 404 404 404
study_visit     GET  workspace:divergences                 | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
study_visit     GET  workspace:visits                      | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
report          POST workspace:move propose                | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
report          POST workspace:save_finding                | 403 404 403 403 404 423 404 423 404 403 404 404 404 423
report          POST workspace:draft_recommendations       | 403 404 403 403 404 302 404 302 404 302 404 404 404 302
report          POST workspace:judge                       | 403 404 403 403 404 403 404 302 404 302 404 404 404 403
report          POST workspace:move reopen_findings        | 403 404 403 403 404 403 404 302 404 302 404 404 404 403
report          GET  workspace:document                    | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
report          GET  workspace:response                    | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
response        GET  workspace:evaluation                  | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
response        GET  workspace:recommendation              | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
response        GET  workspace:response                    | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
response        POST workspace:response                    | 403 404 302 302 404 403 404 403 404 403 404 404 404 403
response        POST workspace:save_remark                 | 403 404 302 302 404 403 404 403 404 403 404 404 404 403
response        POST workspace:accept_finding              | 403 404 302 302 404 403 404 403 404 403 404 404 404 403
response        GET  workspace:remark_proofs               | 302 404 200 200 404 403 404 403 404 403 404 404 404 403
response        POST workspace:remark_proofs               | 403 404 302 302 404 403 404 403 404 403 404 404 404 403
response        POST workspace:remove_remark_proof         | 403 404 302 302 404 403 404 403 404 403 404 404 404 403
response        POST workspace:give_response               | 403 404 403 302 404 403 404 403 404 403 404 404 404 403
response        POST workspace:move respond                | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
response        POST workspace:move take_back              | 403 404 403 403 404 403 404 302 404 302 404 404 404 403
response        POST workspace:move go_on_without_response | 403 404 403 403 404 403 404 403 404 302 404 404 404 403
response        GET  workspace:deliberation                | 302 404 403 403 404 403 404 403 404 403 404 404 404 403
response        POST workspace:vote                        | 403 404 403 403 404 403 404 403 404 403 404 404 404 403
decision        POST workspace:move send_back_to_assessors | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decision        POST workspace:move decide                 | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
decision        GET  workspace:scorecard                   | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:why                         | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:what_if                     | 302 404 200 200 404 403 404 403 404 200 404 403 404 403
decision        POST workspace:decide                      | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decision        GET  workspace:recommendations             | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:recommendation              | 302 404 404 404 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:edit_recommendation         | 302 404 404 404 404 200 404 200 404 200 404 403 404 200
decision        POST workspace:edit_recommendation         | 403 404 404 404 404 302 404 302 404 302 404 403 404 302
decision        POST workspace:settle_draft                | 403 404 404 404 404 302 404 302 404 302 404 403 404 302
decision        GET  workspace:replies                     | 302 404 403 403 404 200 404 200 404 200 404 403 404 200
decision        POST workspace:replies                     | 403 404 403 403 404 423 404 423 404 423 404 403 404 423
decision        POST workspace:save_reply                  | 403 404 403 403 404 423 404 423 404 423 404 403 404 423
decision        POST workspace:give_replies                | 403 404 403 403 404 403 404 302 404 302 404 403 404 403
study_visit     GET  workspace:evidence_archive            | 302 404 200 200 404 200 404 200 404 200 404 404 404 200
decision        GET  workspace:evidence_archive            | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:evidence                    | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:evidence_item               | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        POST workspace:evidence_item               | 403 404 422 422 404 403 404 403 404 403 404 403 404 403
decision        GET  workspace:document                    | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        GET  workspace:response                    | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decision        POST workspace:save_remark                 | 403 404 423 423 404 403 404 403 404 403 404 403 404 403
decision        POST workspace:accept_finding              | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decision        POST workspace:remark_proofs               | 403 404 423 423 404 403 404 403 404 403 404 403 404 403
decision        GET  workspace:deliberation                | 302 404 403 403 404 403 404 403 404 403 404 200 404 403
decision        GET  workspace:declare                     | 302 404 403 403 404 403 404 403 404 403 404 302 404 403
decision        POST workspace:declare                     | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decision        POST workspace:vote                        | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decision        POST workspace:comment                     | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decided         GET  workspace:home                        | 302 200 302 302 302 200 200 200 200 200 302 200 200 200
decided         GET  workspace:recommendation              | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         GET  workspace:condition                   | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         GET  workspace:condition_calendar          | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         GET  workspace:condition_document          | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         POST workspace:add_condition_proof         | 403 404 422 422 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:remove_condition_proof      | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_condition send         | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_condition send_back    | 403 404 403 403 404 302 404 302 404 302 404 403 404 302
decided         POST workspace:move_condition withdraw_check | 403 404 403 403 404 302 404 302 404 302 404 403 404 302
decided         POST workspace:move_condition meet         | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decided         POST workspace:move_condition fail         | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decided         POST workspace:move_condition run_out      | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         POST workspace:check_condition             | 403 404 403 403 404 422 404 422 404 422 404 403 404 422
decided         POST workspace:extend_condition            | 403 404 403 403 404 403 404 403 404 403 404 422 404 403
decision        POST workspace:move keep_decision          | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
published       POST workspace:move reconsider             | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decided         GET  workspace:plan                        | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         POST workspace:move_recommendation issue   | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         POST workspace:move_recommendation accept  | 403 404 403 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_recommendation contest | 403 404 403 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_recommendation insist  | 403 404 403 403 404 403 404 403 404 302 404 403 404 403
decided         POST workspace:move_recommendation withdraw | 403 404 403 403 404 403 404 403 404 302 404 403 404 403
decided         POST workspace:move_recommendation start   | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_recommendation submit_evidence | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_recommendation verify  | 403 404 403 403 404 302 404 302 404 302 404 403 404 302
decided         POST workspace:move_recommendation refuse  | 403 404 403 403 404 302 404 302 404 302 404 403 404 302
decided         POST workspace:move_recommendation resume  | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_recommendation close   | 403 404 403 403 404 403 404 403 404 302 404 403 404 403
decided         POST workspace:name_owner                  | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:lend_practices              | 403 404 403 403 404 302 404 302 404 302 404 403 404 302
decided         POST workspace:add_proof                   | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:begin_proof                 | 403 404 200 200 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:receive_proof               | 403 404 404 409 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:remove_proof                | 403 404 302 302 404 403 404 403 404 403 404 403 404 403
decided         GET  workspace:proof_document              | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         GET  workspace:network                     | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:network_table               | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:network_indicator           | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:person_ties                 | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         POST workspace:person_ties                 | 403 403 403 403 403 403 403 403 403 422 403 403 403 403
decided         POST workspace:declare_stake               | 403 403 403 403 403 422 422 422 422 422 403 422 422 422
decided         GET  workspace:rounds                      | 302 403 403 403 403 200 200 200 200 200 403 200 200 200
decided         GET  workspace:new_round                   | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         POST workspace:new_round                   | 403 403 403 403 403 403 403 403 403 422 403 403 403 403
decided         GET  workspace:board                       | 302 404 404 404 404 200 200 200 200 200 404 200 200 200
decided         GET  workspace:board_file                  | 302 404 404 404 404 200 200 200 200 200 404 200 200 200
decided         GET  workspace:evaluation                  | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         POST workspace:move publish                | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  workspace:publish                     | 302 404 403 403 404 403 404 403 404 200 404 403 404 403
decided         POST workspace:publish                     | 403 404 403 403 404 403 404 403 404 422 404 403 404 403
decided         GET  workspace:public_page                 | 302 404 403 403 404 403 404 403 404 200 404 403 404 403
published       GET  workspace:publish                     | 302 404 403 403 404 403 404 403 404 200 404 403 404 403
published       POST workspace:publish                     | 403 404 403 403 404 403 404 403 404 422 404 403 404 403
decided         GET  workspace:answers                     | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         GET  workspace:document                    | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         GET  workspace:findings                    | 302 404 403 403 404 200 404 200 404 200 404 403 404 200
decided         GET  workspace:report                      | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         POST workspace:report                      | 403 404 403 403 404 403 404 403 404 302 404 403 404 403
decided         GET  workspace:printing                    | 302 404 302 302 404 302 404 302 404 302 404 302 404 302
decided         GET  workspace:report_pdf                  | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
decided         GET  workspace:panel                       | 302 403 403 403 403 200 200 200 200 200 403 200 200 200
decided         GET  workspace:figures                     | 302 200 302 302 302 200 200 200 200 200 200 200 200 200
decided         GET  workspace:hotlines                    | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:hotline                     | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
decided         POST workspace:hotline                     | 403 404 403 403 404 404 404 404 404 422 404 404 404 404
decided         GET  workspace:hotline_figures             | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
decided         POST workspace:hotline_figures             | 403 404 302 302 404 404 404 404 404 302 404 404 404 404
decided         GET  workspace:example_records          | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  workspace:example_file             | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  workspace:statistics                  | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
decided         POST workspace:move_statistics confirm     | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
decided         POST workspace:move_statistics accept      | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
decided         POST workspace:move_statistics send_back   | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
decided         POST workspace:move_statistics withdraw    | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
decided         POST workspace:move_statistics supersede   | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         POST workspace:explain_statistics          | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
decided         POST workspace:undo_statistics             | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
decided         GET  workspace:match_columns               | 302 404 302 302 404 404 404 404 404 403 404 404 404 404
decided         POST workspace:match_columns               | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
decided         POST workspace:add_up_choices              | 403 404 409 409 404 404 404 404 404 403 404 404 404 404
decided         GET  workspace:choose_table                | 302 404 302 302 404 404 404 404 404 403 404 404 404 404
decided         POST workspace:choose_table                | 403 404 302 302 404 404 404 404 404 403 404 404 404 404
decided         POST workspace:forget_matching             | 403 404 302 302 404 404 404 404 404 302 404 404 404 404
decided         GET  workspace:system_keys                      | 302 404 403 200 404 404 404 404 404 200 404 404 404 404
decided         POST workspace:system_keys                      | 403 404 403 422 404 404 404 404 404 422 404 404 404 404
decided         POST workspace:end_system_key                   | 403 404 403 302 404 404 404 404 404 302 404 404 404 404
decided         GET  workspace:hotline_trends              | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
decided         GET  workspace:hotline_trends_table        | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
decided         GET  workspace:hotline_item                | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
decided         GET  workspace:statistics_network          | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:statistics_comparison       | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:statistics_recorded         | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:statistics_trends           | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:statistics_network_table    | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:network_releases            | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:network_release             | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         POST workspace:compute_network_year_again  | 403 403 403 403 403 403 403 403 403 302 403 403 403 403
decided         POST workspace:publish_network_year        | 403 403 403 403 403 403 403 403 403 409 403 403 403 403
decided         POST workspace:move_network_year retract   | 403 403 403 403 403 403 403 403 403 302 403 403 403 403
decided         POST workspace:move_network_year publish   | 403 403 403 403 403 403 403 403 403 404 403 403 403 403
decided         GET  workspace:people                      | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:invite                      | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         POST workspace:invite                      | 403 403 403 403 403 403 403 403 403 422 403 403 403 403
decided         POST workspace:invite_again                | 403 403 403 403 403 403 403 403 403 302 403 403 403 403
decided         POST workspace:withdraw_invitation         | 403 403 403 403 403 403 403 403 403 302 403 403 403 403
decided         POST workspace:move_person_change confirm  | 403 404 404 404 404 404 404 404 404 302 404 404 404 404
decided         POST workspace:end_role                    | 403 403 403 403 403 403 403 403 403 302 403 403 403 403
decided         GET  workspace:account                     | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         POST workspace:account                     | 403 422 422 422 422 422 422 422 422 422 422 422 422 422
decided         GET  workspace:outbox                      | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:letter                      | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         POST workspace:send_letter_again           | 403 403 403 403 403 403 403 403 403 302 403 403 403 403
decided         GET  workspace:consultations                | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  workspace:new_consultation             | 302 403 403 403 403 403 403 403 403 200 200 403 403 403
decided         GET  workspace:consultation                 | 302 404 302 302 404 404 404 404 404 200 200 404 404 404
decided         GET  workspace:edit_consultation            | 302 404 403 403 404 404 404 404 404 302 302 404 404 404
decided         GET  workspace:extend_consultation          | 302 404 403 403 404 404 404 404 404 200 200 404 404 404
decided         GET  workspace:consulted_text               | 302 404 200 200 404 404 404 404 404 200 200 404 404 404
decided         GET  workspace:consulted_standard           | 302 404 200 200 404 404 404 404 404 200 200 404 404 404
decided         POST workspace:save_comment                 | 403 404 302 302 404 404 404 404 404 403 403 404 404 404
decided         GET  workspace:comment_answers              | 302 404 403 403 404 404 404 404 404 200 200 404 404 404
decided         POST workspace:answer_comment               | 403 404 403 403 404 404 404 404 404 422 422 404 404 404
decided         GET  workspace:consultation_report          | 302 404 403 403 404 404 404 404 404 200 200 404 404 404
decided         GET  workspace:consultation_file            | 302 404 403 403 404 404 404 404 404 200 200 404 404 404
decided         POST workspace:move_consultation close      | 403 404 403 403 404 404 404 404 404 200 200 404 404 404
published       GET  workspace:practices                    | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
published       POST workspace:propose_practice             | 403 404 403 403 404 302 404 302 404 302 404 403 404 302
published       GET  workspace:practice                     | 302 404 200 200 200 200 404 200 404 200 404 404 404 200
published       GET  workspace:edit_practice                | 302 404 403 403 404 200 404 200 404 200 404 404 404 200
published       POST workspace:edit_practice                | 403 404 403 403 404 422 404 422 404 422 404 404 404 422
published       POST workspace:consent_practice             | 403 404 403 422 404 403 404 403 404 403 404 404 404 403
published       POST workspace:move_practice ask            | 403 404 403 403 404 302 404 302 404 302 404 404 404 302
published       POST workspace:move_practice refuse         | 403 404 403 302 404 403 404 403 404 403 404 404 404 403
published       POST workspace:move_practice publish        | 403 404 403 403 404 403 404 403 404 302 404 404 404 403
published       POST workspace:move_practice withdraw       | 403 404 403 302 403 403 404 403 404 403 404 404 404 403
published       POST workspace:move_practice take_down      | 403 404 403 403 403 403 404 403 404 302 404 404 404 403
published       POST workspace:thank_practice               | 403 404 403 403 302 403 404 403 404 403 404 404 404 403
published       POST workspace:ask_practice                 | 403 404 403 403 422 403 404 403 404 403 404 404 404 403
published       POST workspace:answer_practice              | 403 404 422 422 403 403 404 403 404 403 404 404 404 403
published       POST workspace:hide_practice_question       | 403 404 403 302 403 403 404 403 404 302 404 404 404 403
published       GET  workspace:exchanges                    | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
published       GET  workspace:exchange_programme           | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
published       GET  workspace:host_offer                   | 302 404 403 200 404 404 404 404 404 403 404 404 404 404
published       POST workspace:host_offer                   | 403 404 403 422 404 404 404 404 404 403 404 404 404 404
published       POST workspace:withdraw_host_offer          | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
published       GET  workspace:request_exchange             | 302 404 403 404 404 404 404 404 404 403 404 404 404 404
published       GET  workspace:exchange                     | 302 404 200 200 200 404 404 404 404 200 404 404 404 404
published       POST workspace:hold_exchange                | 403 404 403 422 403 404 404 404 404 403 404 404 404 404
published       POST workspace:move_exchange accept         | 403 404 403 403 302 404 404 404 404 403 404 404 404 404
published       POST workspace:move_exchange decline        | 403 404 403 403 302 404 404 404 404 403 404 404 404 404
published       POST workspace:move_exchange cancel         | 403 404 403 302 302 404 404 404 404 302 404 404 404 404
published       POST workspace:move_exchange close          | 403 404 403 403 302 404 404 404 404 403 404 404 404 404
decided         GET  pages:guide                           | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:guide_edition                   | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:guide_whole                     | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:guide_domain                    | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:guide_standard                  | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:guide_changes                   | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:guide_search                    | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:guide_part                      | 302 302 302 302 302 302 302 302 302 302 302 302 302 302
decided         GET  pages:guide_pdf                       | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:guide_file                      | 302 302 302 302 302 302 302 302 302 302 302 302 302 302
decided         GET  pages:handbook                        | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:glossary                        | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:term                            | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  pages:procedure                       | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  pages:practices                       | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:practice                        | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  pages:country                         | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  sitemap                               | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  robots                                | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:register                        | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:register_table                  | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:figures                         | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:network_file                    | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  pages:release_file                    | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  pages:published_file                  | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:hotline                         | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:paper                           | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  pages:result                          | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  pages:why                             | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  api:listed                                 | 401 401 401 401 401 401 401 401 401 401 401 401 401 401
decided         POST api:send                                   | 401 401 401 401 401 401 401 401 401 401 401 401 401 401
decided         GET  api:status                                 | 401 401 401 401 401 401 401 401 401 401 401 401 401 401
decided         GET  api:openapi-json                           | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  api:api-root                               | 404 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  healthz                               | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         POST set_language                          | 302 302 302 302 302 302 302 302 302 302 302 302 302 302
decided         GET  account_login                         | 200 302 302 302 302 302 302 302 302 302 302 302 302 302
decided         GET  account_logout                        | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  account_signup                        | 200 302 302 302 302 302 302 302 302 302 302 302 302 302
decided         GET  account_inactive                      | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  account_reauthenticate                | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  account_change_password               | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  account_reset_password                | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  account_reset_password_done           | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  account_reset_password_from_key_done  | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  account_reset_password_from_key       | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  mfa_index                             | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  mfa_authenticate                      | 302 302 302 302 302 302 302 302 302 302 302 302 302 302
decided         GET  mfa_reauthenticate                    | 302 302 302 302 302 302 302 302 302 302 302 302 302 302
decided         GET  mfa_activate_totp                     | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  mfa_deactivate_totp                   | 302 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  mfa_view_recovery_codes               | 302 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  mfa_generate_recovery_codes           | 302 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  mfa_download_recovery_codes           | 302 404 404 404 404 404 404 404 404 404 404 404 404 404
decided         GET  accept_invitation                     | 200 403 403 403 403 403 403 403 403 403 403 403 403 403
decided         GET  workspace:deliberation                | 302 404 403 403 404 403 404 403 404 200 404 200 404 403
decided         POST workspace:vote                        | 403 404 403 403 404 403 404 403 404 403 404 409 404 403
decided         POST workspace:decide                      | 403 404 403 403 404 403 404 403 404 403 404 409 404 403
decided         POST workspace:move resume                 | 403 404 403 403 404 403 404 403 404 302 404 403 404 403
decided         GET  workspace:lodge_appeal                | 302 404 403 200 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:lodge_appeal                | 403 404 403 422 404 403 404 403 404 403 404 403 404 403
decided         GET  workspace:appeal                      | 302 404 200 200 404 403 404 403 404 200 404 403 404 403
decided         GET  workspace:declare_on_appeal           | 302 404 403 403 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:declare_on_appeal           | 403 404 403 403 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:vote_on_appeal              | 403 404 403 403 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:rule                        | 403 404 403 403 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_appeal withdraw        | 403 404 403 302 404 403 404 403 404 403 404 403 404 403
decided         POST workspace:move_appeal uphold          | 403 404 404 404 404 403 404 403 404 404 404 403 404 403
decided         GET  workspace:appeals                     | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
decided         GET  workspace:correction                  | 302 404 403 403 404 403 404 403 404 403 404 200 404 403
decided         POST workspace:correction                  | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decided         POST workspace:score_again                 | 403 404 403 403 404 403 404 403 404 403 404 409 404 403
decided         POST workspace:confirm_correction          | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
decided         POST workspace:move_correction drop        | 403 404 403 403 404 403 404 403 404 403 404 302 404 403
published       POST workspace:move_round close            | 403 404 404 404 404 403 403 403 403 302 404 403 403 403
published       GET  workspace:evaluation                  | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
published       POST workspace:move follow_up              | 403 404 403 403 404 403 404 403 404 302 404 403 404 403
published       POST workspace:move end_follow_up          | 403 404 403 403 404 403 404 403 404 302 404 403 404 403
published       GET  workspace:report_pdf                  | 302 404 200 200 404 200 404 200 404 200 404 200 404 200
published       GET  workspace:accreditations              | 302 403 403 403 403 403 403 403 403 200 403 403 403 403
published       GET  workspace:accreditation               | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
published       POST workspace:move_accreditation suspend  | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
published       POST workspace:move_accreditation give_up  | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
published       POST workspace:move_accreditation expire   | 403 404 404 404 404 404 404 404 404 404 404 404 404 404
published       GET  workspace:propose_withdrawal           | 302 404 403 403 404 404 404 404 404 200 404 404 404 404
published       POST workspace:propose_withdrawal           | 403 404 403 403 404 404 404 404 404 422 404 404 404 404
published       GET  workspace:withdrawal                   | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
published       POST workspace:answer_withdrawal            | 403 404 403 302 404 404 404 404 404 403 404 404 404 404
published       POST workspace:confirm_withdrawal           | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
published       POST workspace:move_withdrawal drop         | 403 404 403 403 404 404 404 404 404 302 404 404 404 404
published       GET  workspace:appeal_withdrawal            | 302 404 403 200 404 404 404 404 404 403 404 404 404 404
published       POST workspace:appeal_withdrawal            | 403 404 403 422 404 404 404 404 404 403 404 404 404 404
published       POST workspace:renew                       | 403 404 403 403 404 404 404 404 404 422 404 404 404 404
published       GET  workspace:status                      | 302 404 200 200 404 404 404 404 404 200 404 404 404 404
published       GET  pages:paper                           | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
published       GET  pages:result                          | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:accreditation                   | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:verify                          | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
decided         GET  pages:verify_number                   | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
published       GET  pages:why                             | 200 200 200 200 200 200 200 200 200 200 200 200 200 200
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: a request at a stage, with its address and its data."""

    stage: str
    method: str
    name: str
    move: str
    codes: tuple[int, ...]

    @property
    def title(self) -> str:
        return f"{self.stage:15} {self.method:4} {self.name}{self.move and ' ' + self.move}"

    def address(self, stage: Stage) -> str:
        given = ARGUMENTS.get(self.name, lambda _stage: [])(stage)
        return reverse(self.name, args=[*given, *([self.move] if self.move else [])])

    def data(self, stage: Stage) -> dict[str, Any]:
        return DATA.get(self.name, lambda _stage: {})(stage)


def of_evaluation(stage: Stage) -> list[Any]:
    return [stage.evaluation.uid]


def of_hotline(stage: Stage) -> list[Any]:
    return [stage.hotline.country]


def of_edition(stage: Stage) -> list[Any]:
    return [stage.round.edition.code]


def letter(stage: Stage) -> Letter:
    return new(Letter).first() or Letter.objects.create(to_user=stage.people.mce, to_address="x@example.org")


def withdrawal(stage: Stage) -> Withdrawal:
    """Return the withdrawal of the accreditation. Let another coordinator propose one if there is none."""
    accreditation = stage.decision.accreditation
    return accreditation.withdrawals.first() or WithdrawalFactory(accreditation=accreditation)


def system_key(stage: Stage) -> SystemKey:
    return SystemKey.objects.get_or_create(
        hotline=stage.hotline,
        defaults={
            "name": "System",
            "token_digest": f"{stage.hotline.pk:064}",
            "made_by": stage.people.mce,
            "expires_on": "2099-01-01",
        },
    )[0]


def consultation(stage: Stage) -> Consultation:
    """Return an open consultation to which the hotline is invited, on a standard of one indicator, with a comment."""
    found = Consultation.objects.filter(state="open", hotlines=stage.hotline).first()
    if found is None:
        found = ConsultationFactory(state="open")
        found.hotlines.add(stage.hotline)
        text = consulted_text([("1.1", ["1.1.1"])])
        ConsultationText.objects.create(consultation=found, content=text.as_data())
        found.comments.create(by=stage.coordinator, hotline=stage.hotline, key="1.1.1", code="1.1.1", words="Too long.")
    return found


def of_consultation(stage: Stage) -> list[Any]:
    return [consultation(stage).uid]


def desk_question(stage: Stage) -> DeskQuestion:
    """Return a question of the lead that was sent, with a document of the hotline."""
    found = stage.evaluation.desk_questions.first()
    if found is None:
        found = stage.evaluation.desk_questions.create(
            code="1.1.2", by=stage.people.lead, words="Who?", sent_at=stage.evaluation.opened_at
        )
        found.proofs.create(document=stage.document, by=stage.coordinator)
    return found


def interview(stage: Stage) -> SheetRow:
    """Return a row of the visit's interviews, written by the assessor."""
    found = SheetRow.objects.filter(sheet__visit__evaluation=stage.evaluation).first()
    if found is None:
        template = SheetTemplate("interviews", "en").write()
        sheet = VisitSheet.objects.create(visit=stage.visit, kind="interviews", number=1, template=template)
        found = sheet.rows.create(uid=uuid4(), by=stage.people.assessor, at=stage.evaluation.opened_at, words="Calm.")
    return found


def good_practice(stage: Stage) -> GoodPractice:
    """Return a practice of the hotline in the library, with a question of another hotline."""
    found = GoodPractice.objects.filter(finding__evaluation=stage.evaluation).first()
    if found is None:
        found = practice_of(stage, GoodPractice.State.PUBLISHED)
        asker = Membership.objects.exclude(hotline__in=[stage.hotline.pk]).filter(hotline__isnull=False)[0]
        found.questions.create(by=asker.user, hotline=asker.hotline, words="How?")
    return found


def of_practice(stage: Stage) -> list[Any]:
    return [good_practice(stage).uid]


def visit_to_another(stage: Stage) -> Exchange:
    """Return a visit of the hotline to the other one."""
    found = Exchange.objects.filter(visitor=stage.hotline).first()
    return found or ExchangeFactory(visitor=stage.hotline, host=Hotline.objects.get(country="XB"), levels={})


def unresolved(stage: Stage) -> UnresolvedText:
    return UnresolvedText.objects.get_or_create(
        author=stage.coordinator,
        evaluation=stage.evaluation,
        kind="answer",
        code="1.1.2",
        defaults={"reason": "conflict", "draft_uid": uuid4(), "words": "Mine."},
    )[0]


def of_discussion(stage: Stage) -> list[Any]:
    """Return the arguments of a discussion: the hotline's own during self-assessment, that with the reviewers later."""
    audience = Audience.HOTLINE if stage.evaluation.is_open else Audience.REVIEW
    return [stage.evaluation.uid, audience.value, "1.1.2"]


def discussion_comment(stage: Stage) -> list[Any]:
    """Return the arguments of a comment of the coordinator."""
    found = DiscussionComment.objects.filter(by=stage.coordinator).first()
    if found is None:
        found = add_comment(stage.evaluation, "1.1.2", Audience.HOTLINE, words="So?", by=stage.coordinator).comment
    return [*of_discussion(stage), found.pk]


def submission(stage: Stage) -> Submission:
    """Return the frozen copy of a submission."""
    if not stage.evaluation.submissions.exists():
        step = write_step(stage.evaluation, "submit", "self_assessment", by=stage.coordinator)
        store_submission(stage.evaluation, step, signed=SIGNED)
    return stage.evaluation.submissions.get()


def network_year(_stage: Stage) -> list[Any]:
    return [NetworkYear.objects.get_or_create(year=2025, defaults={"state": NetworkYear.State.PUBLIC})[0].year]


def removed_by_the_coordinator(stage: Stage) -> str:
    """Return a token as if the coordinator had removed the evidence, which stays."""
    link = stage.link
    names = [field.name for field in fields(RemovedEvidence) if field.name not in ("removed_by", "name")]
    values = {name: getattr(link, name) for name in names}
    return store_waiting(
        stage.evaluation, RemovedEvidence(removed_by=stage.coordinator.pk, name="call guide.txt", **values)
    )


def upload_of_the_coordinator(stage: Stage) -> UUID:
    """Return an upload that was begun; each request sends a part without an offset."""
    details = {"name": "a.pdf", "size": 9, "digest": "0" * 64, "limit": 100}
    return begin_upload(stage.evaluation, "1.2.1", by=stage.coordinator, **details).uid


def remark_proof(stage: Stage) -> UUID:
    """Return an address that the hotline attached to a drafted remark."""
    what = {"evaluation": stage.evaluation, "code": "1.1.2", "remark": None, "address": "https://example.org/rota"}
    return RemarkProof.objects.get_or_create(**what, defaults={"by": stage.coordinator})[0].uid


def proof_of_the_coordinator(stage: Stage) -> UUID:
    """Return an upload of a proof that was begun."""
    details = {"name": "a.pdf", "size": 9, "digest": "0" * 64, "limit": 100, "words": ""}
    return begin_proof(stage.recommendation, by=stage.coordinator, **details).uid


def file_of_the_lead(stage: Stage) -> UUID:
    """Return a photo that the lead assessor attached to an observation."""
    given = {"code": "3.2.1", "save_uid": UUID(int=1), "content_type": "image/jpeg", "size": 9, "name": "plan.jpg"}
    content = ContentFile(picture("JPEG"), "plan.jpg")
    return RecordedFile.objects.create(visit=stage.visit, by=stage.people.lead, file=content, **given).uid


def upload_of_the_lead(stage: Stage) -> UUID:
    """Return an upload of a photo that was begun; each request sends a part without an offset."""
    details = {"name": "a.jpg", "size": 9, "digest": "0" * 64, "limit": 100, "words": ""}
    return begin_file(stage.visit, "3.2.1", save_uid=UUID(int=2), by=stage.people.lead, **details).uid


def waiting_workbook(stage: Stage) -> str:
    content = write_workbook(SelfAssessment(stage.evaluation), "en", at=datetime(2026, 3, 2, tzinfo=UTC))
    return store_waiting(stage.evaluation, read_workbook(content, "filled.xlsx", SelfAssessment(stage.evaluation)))


def condition(stage: Stage) -> Fulfilment:
    """Return a condition of the decision, with a document as its proof."""
    found = Fulfilment.objects.filter(requirement__decision=stage.decision).first()
    if found is None:
        found = FulfilmentFactory(requirement=RequirementFactory(decision=stage.decision), seems_met=True)
        found.proofs.create(document=stage.document, by=stage.coordinator)
    return found


ARGUMENTS: dict[str, Callable[[Stage], list[Any]]] = {
    **{
        f"workspace:{name}": lambda s: [condition(s).uid]
        for name in ("condition", "condition_calendar", "add_condition_proof", "check_condition", "extend_condition")
    },
    "workspace:move_condition": lambda s: [condition(s).uid],
    "workspace:condition_document": lambda s: [condition(s).uid, s.document.uid],
    "workspace:remove_condition_proof": lambda s: [condition(s).uid, condition(s).proofs.get().uid],
    "workspace:board": lambda s: [s.round.uid],
    "workspace:move_round": lambda s: [s.round.uid],
    **{
        f"workspace:{name}": of_consultation
        for name in (
            *("consultation", "edit_consultation", "extend_consultation", "consulted_text"),
            *("consultation_report", "move_consultation"),
        )
    },
    "workspace:consultation_file": lambda s: [consultation(s).uid, "csv"],
    "workspace:consulted_standard": lambda s: [consultation(s).uid, "1.1"],
    "workspace:comment_answers": lambda s: [consultation(s).uid, "1.1"],
    "workspace:save_comment": lambda s: [consultation(s).uid, "1.1", "1.1.1"],
    "workspace:answer_comment": lambda s: [consultation(s).uid, "1.1", consultation(s).comments.get().pk],
    "workspace:person_ties": lambda s: [s.coordinator.uid],
    "workspace:move_person_change": lambda s: [s.person_change.uid],
    "workspace:desk_standard": lambda s: [s.evaluation.uid, "1.1"],
    "workspace:question": lambda s: [desk_question(s).uid],
    "workspace:desk_document": lambda s: [desk_question(s).uid, s.document.uid],
    "workspace:remove_desk_proof": lambda s: [desk_question(s).uid, desk_question(s).proofs.get().uid],
    "workspace:assessor_profile": lambda s: [s.people.assessor.uid],
    "workspace:change_round_team": lambda s: [s.round.uid, s.hotline.country],
    **{
        f"workspace:{name}": lambda s: [s.round.uid]
        for name in (
            *("correct_round", "edit_round", "save_deadline", "add_to_round", "remove_from_round"),
            *("write_to_the_late", "discard_round", "extend_several", "round_teams"),
        )
    },
    **{
        f"workspace:{name}": of_evaluation
        for name in (
            *("evaluation", "move", "visit", "agenda", "move_visit", "arrange_visit", "change_team"),
            *("suggest_dates", "move_dates", "declare_interests", "visit_calendar"),
            *("desk_review", "send_questions", "questions"),
            *("scorecard", "judge", "decide", "recommendations"),
        )
    },
    **{
        f"workspace:{name}": lambda s: [s.evaluation.uid, suggested_dates(s).uid]
        for name in ("accept_dates", "take_back_dates")
    },
    "workspace:report": of_evaluation,
    "workspace:publish": of_evaluation,
    "workspace:public_page": lambda s: [s.evaluation.uid, "whole"],
    "workspace:submissions": of_evaluation,
    "workspace:send_back": of_evaluation,
    "workspace:declaration": of_evaluation,
    **{
        f"workspace:{name}": lambda s: [s.evaluation.uid, submission(s).number]
        for name in ("submission_file", "answers_pdf", "answers_file")
    },
    **{
        f"workspace:{name}": of_evaluation
        for name in (
            "traits",
            "extend",
            "shorten",
            "count_corrections",
            "replies",
            "give_replies",
            "draft_recommendations",
        )
    },
    **{f"workspace:{name}": of_evaluation for name in ("correction", "score_again")},
    "workspace:lodge_appeal": lambda s: [s.decision.uid],
    **{
        f"workspace:{name}": lambda s: [s.appeal.uid]
        for name in ("appeal", "declare_on_appeal", "vote_on_appeal", "rule", "move_appeal")
    },
    **{
        f"workspace:{name}": lambda s: [s.evaluation.uid, s.correction.uid]
        for name in ("confirm_correction", "move_correction")
    },
    **{
        f"workspace:{name}": lambda s: [s.decision.accreditation.uid]
        for name in ("accreditation", "move_accreditation", "renew", "propose_withdrawal")
    },
    **{
        f"workspace:{name}": lambda s: [withdrawal(s).uid]
        for name in (
            *("withdrawal", "answer_withdrawal", "confirm_withdrawal", "move_withdrawal"),
            "appeal_withdrawal",
        )
    },
    "workspace:status": of_hotline,
    "workspace:hotline_trends": of_hotline,
    "workspace:hotline_trends_table": lambda s: [s.hotline.country, "csv"],
    "workspace:hotline_item": lambda s: [s.hotline.country, "A03"],
    "workspace:write_to": lambda stage: [stage.round.uid],
    "workspace:board_file": lambda stage: [stage.round.uid, "csv"],
    "workspace:statistics_network_table": lambda _stage: ["comparison", "xlsx"],
    **{f"workspace:{name}": network_year for name in ("network_release", "publish_network_year", "move_network_year")},
    "workspace:compute_network_year_again": network_year,
    **{
        f"workspace:{name}": of_evaluation
        for name in ("response", "give_response", "accept_finding", "deliberation", "declare", "vote", "comment")
    },
    **{f"workspace:save_{name}": lambda s: [s.evaluation.uid, "1.1.2"] for name in ("remark", "reply")},
    "workspace:remark_proofs": lambda s: [s.evaluation.uid, "1.1.2"],
    "workspace:remove_remark_proof": lambda s: [s.evaluation.uid, remark_proof(s)],
    **{f"workspace:{name}": of_evaluation for name in ("carried", "workbook", "workbook_file")},
    **{f"workspace:{name}": of_evaluation for name in ("visit_checklist", "visit_workbook", "visit_workbook_file")},
    "workspace:visit_workbook_changes": lambda s: [s.evaluation.uid, "0" * 64],
    "workspace:workbook_changes": lambda s: [s.evaluation.uid, waiting_workbook(s)],
    "workspace:answers": lambda s: [s.evaluation.uid, "1.1"],
    "workspace:versions": lambda s: [s.evaluation.uid, "answer", "1.1.2"],
    "workspace:restore_version": lambda s: [s.evaluation.uid, "answer", "1.1.2", 1],
    **{f"workspace:{name}": lambda s: [s.evaluation.uid, "1.1"] for name in ("assign_standard", "present")},
    **{
        f"workspace:{name}": lambda s: [s.evaluation.uid, "1.1", "1.1.2"]
        for name in ("assign_indicator", "take_over", "give_back")
    },
    **{f"workspace:{name}": of_evaluation for name in ("indicators", "assign_standards")},
    **{
        f"workspace:{name}": of_discussion
        for name in ("discussion", "resolve_discussion", "reopen_discussion", "read_discussion")
    },
    **{f"workspace:{name}_discussion_comment": discussion_comment for name in ("edit", "delete")},
    **{f"workspace:{name}": lambda s: [unresolved(s).uid] for name in ("unresolved", "use_text", "discard_text")},
    "workspace:save_answer": lambda s: [s.evaluation.uid, "1.1", "1.1.2"],
    "workspace:add_evidence": lambda s: [s.evaluation.uid, "1.1.1"],
    "workspace:remove_evidence": lambda s: [s.evaluation.uid, s.link.code, s.link.uid],
    "workspace:restore_evidence": lambda s: [s.evaluation.uid, s.link.code, removed_by_the_coordinator(s)],
    **{f"workspace:{name}": of_evaluation for name in ("evidence", "evidence_archive")},
    "workspace:begin_upload": lambda s: [s.evaluation.uid, "1.2.1"],
    "workspace:receive_part": lambda s: [s.evaluation.uid, "1.2.1", upload_of_the_coordinator(s)],
    "workspace:recorded_file": lambda s: [s.evaluation.uid, file_of_the_lead(s)],
    "workspace:add_recorded_file": lambda s: [s.evaluation.uid, "3.2", "3.2.1"],
    "workspace:remove_recorded_file": lambda s: [s.evaluation.uid, "3.2", "3.2.1", file_of_the_lead(s)],
    "workspace:begin_recorded_file": of_evaluation,
    "workspace:receive_recorded_part": lambda s: [s.evaluation.uid, upload_of_the_lead(s)],
    "workspace:use_evidence": lambda s: [s.evaluation.uid, "1.2.1"],
    "workspace:evidence_item": lambda s: [s.evaluation.uid, s.link.uid],
    "workspace:document": lambda s: [s.evaluation.uid, s.document.uid],
    **{f"workspace:{name}": lambda s: [s.evaluation.uid, "3.2"] for name in ("findings", "observations")},
    **{
        f"workspace:{name}": lambda s: [s.evaluation.uid, "3.2", "3.2.1"]
        for name in ("save_finding", "save_observation")
    },
    **{f"workspace:{name}": lambda s: [s.evaluation.uid, "interviews"] for name in ("sheet", "add_sheet_row")},
    **{
        f"workspace:{name}": lambda s: [s.evaluation.uid, "interviews", interview(s).uid]
        for name in ("sheet_row", "remove_sheet_row", "restore_sheet_row")
    },
    **{
        f"workspace:{name}": of_evaluation
        for name in (
            *("finish_recording", "go_on_recording", "divergences"),
            *("take_late_rows", "leave_out_late_rows", "take_back_late"),
            *("recording", "recording_manifest", "recording_material", "receive_observations", "receive_rows"),
        )
    },
    **{
        f"workspace:{name}": lambda s: [s.recommendation.uid]
        for name in (
            *("recommendation", "edit_recommendation", "settle_draft", "move_recommendation"),
            *("name_owner", "lend_practices", "add_proof"),
        )
    },
    **{
        f"workspace:{name}": of_practice
        for name in ("practice", "edit_practice", "consent_practice", "move_practice", "thank_practice", "ask_practice")
    },
    **{
        f"workspace:{name}": lambda s: [*of_practice(s), good_practice(s).questions.get().uid]
        for name in ("answer_practice", "hide_practice_question")
    },
    **{f"workspace:{name}": of_hotline for name in ("host_offer", "withdraw_host_offer")},
    "workspace:request_exchange": lambda s: [s.hotline.country, "XB"],
    **{
        f"workspace:{name}": lambda s: [visit_to_another(s).uid]
        for name in ("exchange", "hold_exchange", "move_exchange")
    },
    "workspace:propose_practice": lambda s: [s.evaluation.uid, good_practice(s).finding.code],
    "workspace:plan": of_evaluation,
    "workspace:begin_proof": lambda s: [s.recommendation.uid],
    "workspace:receive_proof": lambda s: [s.recommendation.uid, proof_of_the_coordinator(s)],
    "workspace:remove_proof": lambda s: [s.recommendation.uid, s.proof.uid],
    "workspace:proof_document": lambda s: [s.recommendation.uid, s.document.uid],
    "workspace:network_indicator": lambda s: [s.recommendation.code],
    "workspace:printing": lambda s: [s.printing.uid],
    "workspace:report_pdf": lambda s: [s.issue.uid],
    "workspace:hotline": of_hotline,
    # of somebody without visits: whoever has the address reads them, see tests/portal/visits
    "workspace:subscribed_calendar": lambda s: [make_subscription(s.people.panel)],
    "workspace:hotline_figures": of_hotline,
    "workspace:example_records": lambda _stage: ["contact"],
    "workspace:statistics": lambda s: [s.statistics.uid],
    "workspace:move_statistics": lambda s: [s.statistics.uid],
    "workspace:explain_statistics": lambda s: [s.statistics.uid],
    "workspace:undo_statistics": lambda s: [s.statistics.uid],
    "workspace:match_columns": lambda s: [s.statistics.uid],
    "workspace:add_up_choices": lambda s: [s.statistics.uid],
    "workspace:choose_table": lambda s: [s.statistics.uid],
    "workspace:forget_matching": lambda s: [s.hotline.country, 1],
    "workspace:system_keys": of_hotline,
    "workspace:end_system_key": lambda s: [s.hotline.country, system_key(s).uid],
    "api:status": lambda s: [s.statistics.uid],
    "workspace:invite_again": lambda s: [s.invitation.uid],
    "workspace:withdraw_invitation": lambda s: [s.invitation.uid],
    "workspace:end_role": lambda s: [s.contributor.memberships.get().pk],
    "workspace:letter": lambda s: [letter(s).uid],
    "workspace:send_letter_again": lambda s: [letter(s).uid],
    "pages:network_file": lambda s: [s.statistics.period_end.year, "csv"],
    "pages:release_file": lambda _stage: [2025, 1],
    "pages:published_file": lambda s: ["csv"],
    "pages:guide_edition": of_edition,
    "pages:guide_whole": of_edition,
    "pages:guide_search": of_edition,
    "pages:guide_changes": of_edition,
    "pages:guide_part": lambda s: [*of_edition(s), "1.1.1"],
    "pages:guide_pdf": of_edition,
    "pages:guide_file": of_edition,
    "pages:guide_domain": lambda s: [*of_edition(s), "d1"],
    "pages:guide_standard": lambda s: [*of_edition(s), "d1", "1-1"],
    **{f"pages:{name}": lambda _stage: ["none"] for name in ("term", "procedure", "country", "practice")},
    "pages:hotline": of_hotline,
    "pages:paper": lambda s: [s.hotline.country, (s.paper or s.issue).uid],
    "pages:result": lambda s: [s.hotline.country, s.decision.uid],
    "pages:verify_number": lambda s: [s.issue.document_sha256[:16]],
    "pages:why": lambda s: [s.hotline.country, "overall"],
    "workspace:why": lambda s: [s.evaluation.uid, "1.1.1"],
    "workspace:what_if": of_evaluation,
    "accept_invitation": lambda s: [s.invitation.uid, token_of(s.invitation)],
    "account_reset_password_from_key": lambda s: ["1", "set-password"],
}

DATA: dict[str, Callable[[Stage], dict[str, Any]]] = {
    **{
        f"workspace:{name}": lambda s: {
            "role": "Shift lead",
            "topic": "Nights",
            "day": s.round.today.isoformat(),
            "words": "Two of them.",
            "version": "0",
        }
        for name in ("sheet_row", "add_sheet_row")
    },
    "workspace:save_answer": lambda s: {"level": "2", "version": "1", "words": "Again."},
    "workspace:restore_version": lambda s: {"version": "1"},
    "workspace:assign_standard": lambda s: {"to-1.1": s.contributor.uid},
    "workspace:assign_indicator": lambda s: {"to-1.1.2": s.contributor.uid},
    "workspace:assign_standards": lambda s: {"standard": "1.1", "to-chosen": s.contributor.uid},
    "workspace:discussion": lambda s: {"words": "So?"},
    "workspace:edit_discussion_comment": lambda s: {"words": "So!", "version": "1"},
    **{
        f"workspace:{name}": lambda s: {"level": "2", "version": "0", "words": "Seen."}
        for name in ("save_finding", "save_observation")
    },
    "workspace:add_evidence": lambda s: {"address": "https://example.org/more"},
    "workspace:begin_upload": lambda _stage: {"name": "a.pdf", "size": "9", "digest": "0" * 64},
    "workspace:evidence_item": lambda _stage: {"begins_on": "2026-01-01"},
    "workspace:begin_recorded_file": lambda _stage: {
        "name": "a.jpg",
        "size": "9",
        "digest": "0" * 64,
        "code": "3.2.1",
        "save_uid": f"{UUID(int=3)}",
    },
    "workspace:move": lambda s: {"note": "Say more."},
    **{
        f"workspace:move_{name}": lambda s: {"note": "Say more."}
        for name in ("appeal", "correction", "accreditation", "withdrawal")
    },
    "workspace:propose_withdrawal": lambda s: {"ground": "x"},
    "workspace:answer_withdrawal": lambda s: {"statement": "It is not so.", "version": "0", "give": "1"},
    "workspace:confirm_withdrawal": lambda s: {"read": "1"},
    **{
        f"workspace:{name}": lambda s: {"grounds": "Nobody looked at the night."}
        for name in ("lodge_appeal", "appeal_withdrawal")
    },
    "workspace:correction": lambda s: {"outcome": s.decision.outcome, "reasons": SUBSTANCE},
    **{f"workspace:{name}": lambda s: {"name": ""} for name in ("new_round", "arrange_visit", "invite", "account")},
    "workspace:declare": lambda s: {"no_stake": "1"},
    "workspace:suggest_dates": lambda s: {"starts_on_1": f"{s.round.today + timedelta(days=40)}"},
    "workspace:move_visit": lambda s: {"note": "The office moves."},
    "workspace:vote": lambda s: {"scorecard": s.scorecard.uid, "outcome": s.scorecard.proposal, "words": "It holds."},
    "workspace:comment": lambda s: {"scorecard": s.scorecard.uid, "words": "Look at 1.1.2."},
    "workspace:decide": lambda s: {
        "outcome": s.scorecard.proposal,
        "reasons": SUBSTANCE,
        "confirmed": "1",
        "r1-text": "Name a deputy.",
        "r1-due_on": f"{s.round.today + timedelta(days=100)}",
    },
    "workspace:save_remark": lambda s: {"words": "Not so.", "version": "0"},
    "workspace:replies": lambda s: {"words-1.1.2": "It stands.", "version-1.1.2": "0"},
    "workspace:save_reply": lambda s: {"words": "It stands.", "version": "0"},
    "workspace:give_response": lambda s: {"accept_others": "on"},
    "workspace:accept_finding": lambda _stage: {"accept": "1.1.2"},
    "workspace:remark_proofs": lambda _stage: {"address": "https://example.org/more"},
    "workspace:edit_recommendation": lambda s: {"title": "Write it down", "priority": "1"},
    "workspace:move_recommendation": lambda s: {"note": "Say more."},
    "workspace:move_condition": lambda s: {"note": "Say more."},
    "workspace:begin_proof": lambda _stage: {"name": "a.pdf", "size": "9", "digest": "0" * 64},
    "workspace:move_exchange": lambda s: {"note": "Say more."},
    "workspace:move_practice": lambda s: {"note": "Say more."},
    "workspace:add_proof": lambda s: {"words": "Nobody writes this down."},
    "workspace:report": lambda s: {"language": "en"},
    "workspace:hotline_figures": lambda s: {"file": SimpleUploadedFile("broken.csv", b"item,value\n")},
    "set_language": lambda s: {"language": "fr"},
}


STANDS: dict[str, str] = {
    "workspace:move_recommendation issue": "drafted",
    "workspace:move_recommendation accept": "issued",
    "workspace:move_recommendation contest": "issued",
    "workspace:move_recommendation insist": "contested",
    "workspace:move_recommendation withdraw": "contested",
    "workspace:move_recommendation start": "accepted",
    "workspace:move_recommendation submit_evidence": "in_progress",
    "workspace:move_recommendation verify": "evidence_submitted",
    "workspace:move_recommendation refuse": "evidence_submitted",
    "workspace:move_recommendation resume": "not_verified",
    "workspace:move_recommendation close": "verified",
    "workspace:add_proof": "in_progress",
    "workspace:begin_proof": "in_progress",
    "workspace:receive_proof": "in_progress",
    "workspace:remove_proof": "in_progress",
}
"""The required state of the recommendation for a row; otherwise it is issued."""

VISIT_STANDS: dict[str, str] = {
    "workspace:suggest_dates": "proposed",
    "workspace:accept_dates": "proposed",
    "workspace:take_back_dates": "proposed",
    "workspace:change_team": "dates_agreed",
    "workspace:move_dates": "dates_agreed",
    "workspace:declare_interests": "dates_agreed",
    "workspace:move_visit put_off": "dates_agreed",
    **{
        f"workspace:{name}": "under_way"
        for name in ("add_recorded_file", "remove_recorded_file", "begin_recorded_file", "receive_recorded_part")
    },
}
"""The required state of the visit for a row; otherwise it is under way, or over."""
PRACTICE_STANDS: dict[str, str] = {
    "workspace:edit_practice": "asked",
    "workspace:consent_practice": "asked",
    "workspace:move_practice ask": "proposed",
    "workspace:move_practice refuse": "asked",
    "workspace:move_practice publish": "consented",
}
"""The required state of the good practice for a row; otherwise it is published."""

CONDITION_STANDS: dict[str, str] = {
    "workspace:move_condition send_back": "evidence_sent",
    "workspace:check_condition": "evidence_sent",
    "workspace:move_condition withdraw_check": "checked",
    "workspace:move_condition meet": "checked",
    "workspace:move_condition fail": "checked",
}
"""The required state of the condition for a row; otherwise it is set."""

EXCHANGE_STANDS: dict[str, str] = {
    "workspace:hold_exchange": "accepted",
    "workspace:move_exchange close": "held",
}
"""The required state of the visit to the other hotline for a row; otherwise it is requested."""

COUNTED_MOVES = ("accept", "send_back")
"""Moves of a file of figures that the hotline has confirmed; for other rows it is checked."""


def suggested_dates(stage: Stage) -> SuggestedDates:
    """Return dates that Missing Children Europe suggests to the hotline."""
    visit = Visit.objects.get(evaluation=stage.evaluation)
    day = stage.round.today + timedelta(days=40)
    wanted = {"visit": visit, "starts_on": day, "ends_on": day, "side": "team"}
    return SuggestedDates.objects.get_or_create(**wanted, defaults={"by": stage.people.mce})[0]


def rows_of(table: str) -> list[Row]:
    rows = []
    for line in table.strip().splitlines():
        head, codes = line.split("|")
        stage, method, name, *move = head.split()
        rows.append(Row(stage, method, name, "".join(move), tuple(map(int, codes.split()))))
    return rows


def people_of(stage: Stage, other: User) -> dict[str, User | None]:
    """Return the user of each column of the table. `tied_lead` is the lead, who declares a stake for the request."""
    own = {"contributor": stage.contributor, "coordinator": stage.coordinator, "neighbour": stage.neighbour}
    people = {name: getattr(stage.people, name) for name in ("assessor", "elsewhere", "lead", "mce", "editor", "panel")}
    more = {"nobody": None, "no_role": stage.people.user_without_role, "other": other, "judge": stage.people.judge}
    return own | people | more | {"tied_lead": stage.people.lead}


def prepare(row: Row, stage: Stage) -> str:
    """Return the address of a row, after creating the object or moving it to the required state."""
    if state := STANDS.get(f"{row.name} {row.move}".strip()):
        Recommendation.objects.filter(pk=stage.recommendation.pk).update(state=state)
    if state := VISIT_STANDS.get(f"{row.name} {row.move}".strip()):
        Visit.objects.filter(evaluation=stage.evaluation).update(state=state)
    if state := PRACTICE_STANDS.get(f"{row.name} {row.move}".strip()):
        GoodPractice.objects.filter(pk=good_practice(stage).pk).update(state=state)
    if state := CONDITION_STANDS.get(f"{row.name} {row.move}".strip()):
        Fulfilment.objects.filter(pk=condition(stage).pk).update(state=state)
    if state := EXCHANGE_STANDS.get(f"{row.name} {row.move}".strip()):
        Exchange.objects.filter(pk=visit_to_another(stage).pk).update(state=state)
    if row.name == "workspace:move_statistics" and row.move in COUNTED_MOVES:
        StatisticsImport.objects.filter(pk=stage.statistics.pk).update(state="confirmed")
    if row.name == "workspace:move_statistics" and row.move == "confirm":
        recheck(stage.statistics)
        said = ["It is not counted."] * len(stage.statistics.warnings)
        StatisticsImport.objects.filter(pk=stage.statistics.pk).update(explanations=said)
    return row.address(stage)


def answer(client: Client, row: Row, address: str, stage: Stage, role: str) -> Any:
    """Return the response to one request, and roll back its changes."""
    with transaction.atomic():
        if role == "tied_lead":
            StakeFactory(user=stage.people.lead, hotline=stage.hotline)
        response = client.get(address) if row.method == "GET" else client.post(address, row.data(stage))
        if response.streaming:
            list(response)  # which closes its file
        transaction.set_rollback(True)
    return response


def statuses_of(stage_name: str, rows: list[Row], sign_in: Callable[..., Client]) -> dict[str, tuple[int, ...]]:
    """Return the statuses of every row of one stage for every role, and roll back all changes."""
    found = {}
    with transaction.atomic():
        people = Participants()
        stage = Stage(stage_name, people, country="XA")
        other = Stage(stage_name, people, country="XB", round=stage.round).coordinator
        created = letter(stage), stage.invitation
        assert None not in created
        clients = {}
        for role, user in people_of(stage, other).items():
            clients[role] = sign_in(Client(), user) if user else Client()
            clients[role].raise_request_exception = False
        for row in rows:
            with transaction.atomic():
                address = prepare(row, stage)
                answers = (answer(clients[role], row, address, stage, role) for role in ROLES)
                found[row.title] = tuple(answer.status_code for answer in answers)
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


def test_the_table_of_rights_holds_for_everybody(sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch):
    # Thousands of responses are tested by status only. Pages and logs are tested elsewhere.
    monkeypatch.setattr(errors, "_unread", lambda _request, status, *_context: HttpResponse(status=status))
    monkeypatch.setattr(Template, "render", lambda _template, _context=None, _request=None: "")
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    rows = rows_of(TABLE)
    found: dict[str, tuple[int, ...]] = {}
    for stage in Evaluation.State:
        found |= statuses_of(stage, [row for row in rows if row.stage == stage], sign_in)
    assert found == {row.title: row.codes for row in rows}


@pytest.mark.parametrize("state", ["decision", "decided"])
def test_who_has_not_declared_is_led_to_the_declaration_wherever_the_panel_may_read(state, sign_in):
    """The rows are pages, downloads and moves that a member may open and that do not exist for users without a role."""
    silent, people = person(Role.PANEL_MEMBER), Participants()
    stage = Stage(state, people, country="XA")
    client = sign_in(Client(), silent)
    about_it = [row for row in rows_of(TABLE) if row.stage == state and row.codes[1] == 404 and row.codes[11] < 400]
    rows = [row for row in about_it if row.name not in ("workspace:board", "workspace:board_file", "workspace:declare")]
    assert len(rows) > 8
    for row in rows:
        answer = client.get(row.address(stage)) if row.method == "GET" else client.post(row.address(stage), {})
        assert (row.title, answer.status_code) == (row.title, 302 if row.method == "GET" else 403)
        if row.method == "GET":
            assert answer.url.startswith(reverse("workspace:declare", args=[stage.evaluation.uid]))


# --- Every address is in the table -----------------------------------------------------------------------------------

OF_LIBRARIES = ("cms/", "^cms/", "documents/", "en/_util/", "en/^((?:")
"""Wagtail's own: its editor, its documents, its password pages, and the public pages that MCE writes."""


def ours(resolver: URLResolver, prefix: str = "", space: str = "") -> set[str]:
    """Return the names of every address of the site's own, with their namespaces."""
    found = set()
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if path.startswith(OF_LIBRARIES):
            continue
        if isinstance(entry, URLResolver):
            found |= ours(entry, path, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            found.add(f"{space}{entry.name}")
    return found


def test_every_new_address_enters_the_table():
    assert {row.name for row in rows_of(TABLE)} == ours(get_resolver())


def test_every_address_that_changes_something_is_shut_to_looking(sign_in: Callable[..., Client]):
    """GET does not perform what only POST may, even for users with the right: it redirects to the page of the form."""
    stage = Stage("decision")
    addresses = [
        (stage.people.mce, reverse("workspace:move", args=[stage.evaluation.uid, "excuse"])),
        (stage.coordinator, reverse("workspace:save_answer", args=[stage.evaluation.uid, "1.1", "1.1.2"])),
        (stage.coordinator, reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.1"])),
        (stage.coordinator, reverse("workspace:remove_evidence", args=[stage.evaluation.uid, "1.1.1", stage.link.uid])),
        (stage.coordinator, reverse("workspace:move_statistics", args=[stage.statistics.uid, "confirm"])),
        (stage.people.lead, reverse("workspace:save_finding", args=[stage.evaluation.uid, "3.2", "3.2.1"])),
        (stage.people.lead, reverse("workspace:move_visit", args=[stage.evaluation.uid, "sign_off"])),
        (stage.people.mce, reverse("workspace:judge", args=[stage.evaluation.uid])),
        (stage.people.mce, reverse("workspace:count_corrections", args=[stage.evaluation.uid])),
        (stage.people.mce, reverse("workspace:give_replies", args=[stage.evaluation.uid])),
        (stage.people.mce, reverse("workspace:save_reply", args=[stage.evaluation.uid, "1.1.2"])),
        (stage.people.mce, reverse("workspace:draft_recommendations", args=[stage.evaluation.uid])),
        (stage.people.mce, reverse("workspace:settle_draft", args=[stage.recommendation.uid])),
        (stage.people.mce, reverse("workspace:move_round", args=[stage.round.uid, "close"])),
        (stage.people.mce, reverse("workspace:invite_again", args=[stage.invitation.uid])),
        (stage.people.mce, reverse("workspace:withdraw_invitation", args=[stage.invitation.uid])),
        (stage.coordinator, reverse("workspace:save_remark", args=[stage.evaluation.uid, "1.1.2"])),
        (stage.coordinator, reverse("workspace:give_response", args=[stage.evaluation.uid])),
        (stage.coordinator, reverse("workspace:accept_finding", args=[stage.evaluation.uid])),
        (
            stage.coordinator,
            reverse("workspace:remove_remark_proof", args=[stage.evaluation.uid, stage.evaluation.uid]),
        ),
        *(
            (stage.people.panel, reverse(f"workspace:{name}", args=[stage.evaluation.uid]))
            for name in ("vote", "comment", "decide")
        ),
    ]
    assert {address: sign_in(Client(), user).get(address).status_code for user, address in addresses} == dict.fromkeys(
        (address for _user, address in addresses), 302
    )


# --- Views of Wagtail ------------------------------------------------------------------------------------------------


ADDRESSES_OF_THE_CMS = [
    "/cms/",
    "/cms/pages/",
    "/cms/reports/locked/",
    "/cms/images/",
    "/cms/documents/",
]


@pytest.mark.parametrize("address", ADDRESSES_OF_THE_CMS)
def test_the_cms_is_shut_to_all_but_those_who_write_the_guide(sign_in: Callable[..., Client], address: str):
    """Anonymous users are redirected to the sign-in.

    Signed-in users would be redirected back from there, and get an explanation.
    """
    stage = Stage("decided")
    answers = {}
    for role, user in people_of(stage, stage.coordinator).items():
        answer = (sign_in(Client(), user) if user else Client()).get(address)
        answers[role] = (answer.status_code, answer.headers.get("Location", ""))
    writers = {role: answers.pop(role)[0] for role in ("mce", "editor")}
    assert set(writers.values()) <= {200, 302}
    visitors = [role for role, user in people_of(stage, stage.coordinator).items() if user is None]
    assert [answers.pop(role) for role in visitors] == [(302, f"/accounts/login/?next={address}")] * len(visitors)
    assert set(answers.values()) == {(403, "")}


def test_the_cms_opens_to_mce_and_to_the_guide_editor(sign_in: Callable[..., Client]):
    people = Participants()
    opened = {name: sign_in(Client(), getattr(people, name)).get("/cms/").status_code for name in ("mce", "editor")}
    assert opened == {"mce": 200, "editor": 200}


def test_wagtails_documents_and_images_hold_nothing_of_an_evaluation(sign_in: Callable[..., Client]):
    """Evidence is in the private storage, which the library's addresses do not serve."""
    stage = Stage("decided")
    client = sign_in(Client(), stage.coordinator)
    addresses = [f"/documents/{stage.document.pk}/call-guide.txt", f"/media/{stage.document.file.name}"]
    assert [client.get(address, follow=True).status_code for address in addresses] == [404, 404]
